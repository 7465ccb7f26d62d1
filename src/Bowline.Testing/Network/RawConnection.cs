using System.Net.Sockets;
using System.Text;

namespace Bowline.Testing.Network;

/// <summary>One connection of a <see cref="RawUpstream"/>.</summary>
public sealed class RawConnection(Socket socket, CancellationToken stop)
{
    /// <summary>Reads to the end of the head.</summary>
    public async Task<string> ReadHeadAsync()
    {
        var text = new StringBuilder();
        while (!text.ToString().Contains("\r\n\r\n", StringComparison.Ordinal) && await ReadAsync() is { Length: > 0 } more)
        {
            _ = text.Append(more);
        }

        return text.ToString();
    }

    /// <summary>What comes next; empty at the end.</summary>
    public async Task<string> ReadAsync()
    {
        var buffer = new byte[4096];
        var size = await socket.ReceiveAsync(buffer, SocketFlags.None, stop);
        return Encoding.Latin1.GetString(buffer, 0, size);
    }

    /// <summary>Sends a text as Latin-1.</summary>
    public async Task SendAsync(string text) => _ = await socket.SendAsync(Encoding.Latin1.GetBytes(text), SocketFlags.None, stop);

    /// <summary>Reads a head, sends the text and closes.</summary>
    public async Task AnswerAsync(string text)
    {
        _ = await ReadHeadAsync();
        await SendAsync(text);
        socket.Shutdown(SocketShutdown.Send);
        _ = await ReadAsync();
    }

    /// <summary>Sends back whatever comes, as a service does that answers while it reads.</summary>
    /// <returns>The bytes it had sent when the other side ended.</returns>
    public async Task<long> EchoAsync()
    {
        var buffer = new byte[64 * 1024];
        var sent = 0L;
        int size;
        while ((size = await socket.ReceiveAsync(buffer, SocketFlags.None, stop)) > 0)
        {
            for (var at = 0; at < size;)
            {
                at += await socket.SendAsync(buffer.AsMemory(at, size - at), SocketFlags.None, stop);
            }

            sent += size;
        }

        return sent;
    }

    /// <summary>Cuts the connection with a reset.</summary>
    public void Reset()
    {
        socket.LingerState = new LingerOption(enable: true, seconds: 0);
        socket.Close();
    }
}
