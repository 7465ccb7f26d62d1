using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Bowline.Nats.Tests.Support;
using Bowline.Testing.NatsServers;

namespace Bowline.Nats.Tests.Connection;

public sealed class TransportTests
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Over_web_socket_everything_works_and_large_messages_too()
    {
        await using var server = await NatsServerProcess.StartAsync(NatsServerOptions.Plain with { WebSocket = true }, Ct);
        await using var connection = server.Connection(o => o with { Url = server.WebSocketUrl });

        await RoundTrip.RunAsync(connection, Ct);
    }

    [Fact]
    public async Task Over_web_socket_a_restarted_server_is_found_again()
    {
        await using var server = await NatsServerProcess.StartAsync(NatsServerOptions.Plain with { WebSocket = true }, Ct);
        await using var connection = server.Connection(o => o with { Url = server.WebSocketUrl });
        var events = new Collector(connection);
        await connection.ConnectAsync(Ct);

        await server.RestartAsync(Ct);
        await events.NextAsync("disconnected", Ct);
        await events.NextAsync("opened", Ct);

        await RoundTrip.RunAsync(connection, Ct);
    }

    [Fact]
    public async Task A_web_socket_upgrade_carries_a_fresh_token_at_each_connect_and_says_goodbye()
    {
        await using var server = await NatsServerProcess.StartAsync(cancellationToken: Ct);
        await using var bridge = await WebSocketBridge.StartAsync(server.Port, _ => true);
        var asked = 0;
        var connection = server.Connection(o => o with
        {
            Url = bridge.Url,
            WebSocketOpts = new()
            {
                RequestHeadersCallback = (_, _) => new(new Dictionary<string, string> { ["Authorization"] = $"Bearer {++asked}" }),
            },
        });
        var events = new Collector(connection);
        await RoundTrip.RunAsync(connection, Ct);

        await server.RestartAsync(Ct);
        await events.NextAsync("disconnected", Ct);
        await events.NextAsync("opened", Ct);
        await RoundTrip.RunAsync(connection, Ct);
        await connection.DisposeAsync();
        await bridge.Closed.Task.WaitAsync(Ct);

        Assert.Equal(WebSocketCloseStatus.NormalClosure, bridge.ClosedWith);
        Assert.Equal(Enumerable.Range(1, asked).Select(i => $"Bearer {i}"), bridge.Tokens);
        Assert.InRange(asked, 2, 1000);
    }

    [Fact]
    public async Task A_refused_web_socket_upgrade_says_its_status()
    {
        await using var bridge = await WebSocketBridge.StartAsync(1, _ => false);
        await using var connection = new NatsConnection(NatsOpts.Default with { Url = bridge.Url });

        var refused = await Assert.ThrowsAsync<NatsConnectionFailedException>(async () => await connection.ConnectAsync(Ct));

        Assert.Equal(401, refused.HttpStatus);
    }

    [Fact]
    public async Task Over_tls_everything_works_with_a_trusted_certificate()
    {
        await using var server = await NatsServerProcess.StartAsync(NatsServerOptions.Plain with { Tls = true }, Ct);
        await using var connection = server.Connection(o => o with { TlsOpts = new() { CaCerts = [server.Certificate!] } });

        await RoundTrip.RunAsync(connection, Ct);
    }

    [Fact]
    public async Task A_certificate_that_is_not_trusted_or_not_for_that_name_is_refused()
    {
        await using var server = await NatsServerProcess.StartAsync(NatsServerOptions.Plain with { Tls = true }, Ct);
        using var key = ECDsa.Create();
        using var stranger = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(1));
        await using var machineTrust = server.Connection();
        await using var otherRoot = server.Connection(o => o with { TlsOpts = new() { CaCerts = [stranger] } });
        await using var otherName = server.Connection(o => o with { TlsOpts = new() { CaCerts = [server.Certificate!], TargetHost = "elsewhere.example" } });
        await using var disabled = server.Connection(o => o with { Url = server.Url.Replace("tls:", "nats:", StringComparison.Ordinal), TlsOpts = new() { Mode = NatsTlsMode.Disable } });

        await Assert.ThrowsAsync<NatsConnectionFailedException>(async () => await machineTrust.ConnectAsync(Ct));
        await Assert.ThrowsAsync<NatsConnectionFailedException>(async () => await otherRoot.ConnectAsync(Ct));
        await Assert.ThrowsAsync<NatsConnectionFailedException>(async () => await otherName.ConnectAsync(Ct));
        await Assert.ThrowsAsync<NatsConnectionFailedException>(async () => await disabled.ConnectAsync(Ct));
    }

    [Fact]
    public async Task A_server_without_tls_is_refused_when_tls_is_asked_for()
    {
        await using var server = await NatsServerProcess.StartAsync(cancellationToken: Ct);
        await using var connection = server.Connection(o => o with { Url = server.Url.Replace("nats:", "tls:", StringComparison.Ordinal) });

        await Assert.ThrowsAsync<NatsConnectionFailedException>(async () => await connection.ConnectAsync(Ct));
    }
}
