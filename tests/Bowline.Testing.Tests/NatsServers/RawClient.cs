using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Bowline.Testing.Tests.NatsServers;

/// <summary>The least of a NATS client: lines over a socket.</summary>
internal sealed class RawClient : IDisposable
{
    private readonly TcpClient _tcp = new();
    private Stream? _stream;
    private StreamReader? _reader;

    public string Info { get; private set; } = "";

    public static async Task<RawClient> ConnectAsync(int port, X509Certificate2? trusted, CancellationToken ct)
    {
        var client = new RawClient();
        await client._tcp.ConnectAsync("127.0.0.1", port, ct);
        client._stream = client._tcp.GetStream();
        client._reader = new StreamReader(client._stream);
        client.Info = await client.ReadLineAsync(ct);
        if (trusted is not null)
        {
            var secure = new SslStream(client._stream, false, (_, shown, _, _) => trusted.Equals(shown));
            await secure.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost" }, ct);
            client._stream = secure;
            client._reader = new StreamReader(secure);
        }

        return client;
    }

    public Task SendAsync(string text, CancellationToken ct) => _stream!.WriteAsync(Encoding.ASCII.GetBytes(text), ct).AsTask();

    public async Task<string> ReadLineAsync(CancellationToken ct) => await _reader!.ReadLineAsync(ct) ?? "";

    public async Task<string> LoginAsync(string connect, CancellationToken ct)
    {
        await SendAsync($"CONNECT {connect}\r\nPING\r\n", ct);
        return await ReadLineAsync(ct);
    }

    public void Dispose()
    {
        _reader?.Dispose();
        _tcp.Dispose();
    }
}
