using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace Bowline.Nats;

/// <summary>Plain TCP. The socket reuses its own asynchronous state, so a read or write allocates nothing.</summary>
internal sealed class TcpTransport(Socket socket) : INatsTransport
{
    public Socket Socket => socket;

    public static async ValueTask<TcpTransport> ConnectAsync(string host, int port, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(host, port, cancellationToken).ConfigureAwait(false);
            return new TcpTransport(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public ValueTask<int> ReceiveAsync(Memory<byte> buffer) => socket.ReceiveAsync(buffer, SocketFlags.None, CancellationToken.None);

    public ValueTask SendAsync(ReadOnlyMemory<byte> bytes)
    {
        var sending = socket.SendAsync(bytes, SocketFlags.None, CancellationToken.None);
        if (sending.IsCompletedSuccessfully)
        {
            var sent = sending.Result;
            return sent == bytes.Length ? default : SendRestAsync(new ValueTask<int>(sent), bytes);
        }

        return SendRestAsync(sending, bytes);
    }

    public void Abort() => socket.Dispose();

    public ValueTask DisposeAsync()
    {
        try
        {
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Already closed by the other side, which is what we want.
        }

        socket.Dispose();
        return default;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask SendRestAsync(ValueTask<int> sending, ReadOnlyMemory<byte> bytes)
    {
        bytes = bytes[await sending.ConfigureAwait(false)..];
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await socket.SendAsync(bytes, SocketFlags.None, CancellationToken.None).ConfigureAwait(false)..];
        }
    }
}
