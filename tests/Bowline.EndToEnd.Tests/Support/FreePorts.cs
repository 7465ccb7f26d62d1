using System.Net;
using System.Net.Sockets;

namespace Bowline.EndToEnd.Tests.Support;

internal static class FreePorts
{
    /// <summary>Two ports nobody listens on now.</summary>
    public static (int First, int Second) Two()
    {
        using var a = new TcpListener(IPAddress.Loopback, 0);
        using var b = new TcpListener(IPAddress.Loopback, 0);
        a.Start();
        b.Start();
        return (((IPEndPoint)a.LocalEndpoint).Port, ((IPEndPoint)b.LocalEndpoint).Port);
    }
}
