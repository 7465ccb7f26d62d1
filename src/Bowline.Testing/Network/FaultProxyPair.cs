using System.Net;
using System.Net.Sockets;

namespace Bowline.Testing.Network;

/// <summary>One connection through the proxy.</summary>
internal sealed class FaultProxyPair(FaultProxy proxy, Socket client, int chunkSize) : IDisposable
{
    private readonly Socket _server = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly TaskCompletionSource _reset = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _stranded;

    public void Dispose()
    {
        client.Dispose();
        _server.Dispose();
    }

    public void Strand() => _stranded = true;

    public void Reset()
    {
        // Linger 0 makes the close a RST.
        Abort(client);
        Abort(_server);
        _reset.TrySetResult();
    }

    /// <summary>Forwards until both directions have ended. Never throws.</summary>
    public async Task RunAsync(IPEndPoint target)
    {
        try
        {
            client.NoDelay = true;
            await _server.ConnectAsync(target).ConfigureAwait(false);
            await Task.WhenAll(PumpAsync(client, _server), PumpAsync(_server, client)).ConfigureAwait(false);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            Reset();
        }
        finally
        {
            Dispose();
        }
    }

    private static void Abort(Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(true, 0);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Closed already.
        }

        socket.Dispose();
    }

    private async Task PumpAsync(Socket from, Socket to)
    {
        var buffer = new byte[chunkSize];
        while (true)
        {
            int count;
            try
            {
                count = await from.ReceiveAsync(buffer).ConfigureAwait(false);
            }
            catch (SocketException)
            {
                Reset();
                return;
            }

            await Task.WhenAny(proxy.FlowingAsync(), _reset.Task).ConfigureAwait(false);
            if (_stranded)
            {
                await _reset.Task.ConfigureAwait(false);
                return;
            }

            if (count == 0)
            {
                to.Shutdown(SocketShutdown.Send);
                return;
            }

            for (var sent = 0; sent < count;)
            {
                sent += await to.SendAsync(buffer.AsMemory(sent, count - sent)).ConfigureAwait(false);
            }
        }
    }
}
