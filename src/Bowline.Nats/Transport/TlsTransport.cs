using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Bowline.Nats;

/// <summary>TLS on top of the TCP connection on which the server sent INFO in the clear.</summary>
internal sealed class TlsTransport : INatsTransport
{
    private readonly Socket _socket;
    private readonly SslStream _stream;

    private TlsTransport(Socket socket, SslStream stream)
    {
        _socket = socket;
        _stream = stream;
    }

    /// <summary>Takes over the connection after INFO.</summary>
    /// <exception cref="NatsConnectionFailedException">The certificate or the handshake was not acceptable.</exception>
    public static async ValueTask<TlsTransport> UpgradeAsync(TcpTransport tcp, string host, NatsTlsOpts opts, CancellationToken cancellationToken)
    {
        var stream = new SslStream(new NetworkStream(tcp.Socket, ownsSocket: false), leaveInnerStreamOpen: false);
        try
        {
            await stream.AuthenticateAsClientAsync(opts.ToClientOptions(host), cancellationToken).ConfigureAwait(false);
            return new TlsTransport(tcp.Socket, stream);
        }
        catch (Exception e) when (e is AuthenticationException or IOException)
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            throw new NatsConnectionFailedException($"TLS with {host} failed: {e.Message}", e);
        }
    }

    public ValueTask<int> ReceiveAsync(Memory<byte> buffer) => _stream.ReadAsync(buffer);

    public ValueTask SendAsync(ReadOnlyMemory<byte> bytes) => _stream.WriteAsync(bytes);

    public void Abort() => _socket.Dispose();

    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync().ConfigureAwait(false);
        _socket.Dispose();
    }
}
