using System.Security.Cryptography.X509Certificates;
using Bowline.Nats.Tests.Support;
using Bowline.Testing.NatsServers;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Bowline.Nats.Tests.Connection;

/// <summary><c>wss://</c> through an endpoint that ends TLS, as a hub or a reverse proxy does.</summary>
public sealed class SecureWebSocketTests : IDisposable
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;
    private readonly TestAuthority _authority = new();

    [Fact]
    public async Task Everything_works_with_a_trusted_certificate_and_after_a_restart()
    {
        await using var server = await NatsServerProcess.StartAsync(cancellationToken: Ct);
        using var certificate = TestAuthority.Server(_authority.Root, "127.0.0.1");
        await using var bridge = await BridgeAsync(server, certificate);
        await using var connection = Connection(bridge.Url);
        var events = new Collector(connection);
        await RoundTrip.RunAsync(connection, Ct);

        await server.RestartAsync(Ct);
        await events.NextAsync("disconnected", Ct);
        await events.NextAsync("opened", Ct);
        await RoundTrip.RunAsync(connection, Ct);
    }

    [Fact]
    public async Task An_authority_between_root_and_server_is_taken_from_what_the_server_sends()
    {
        await using var server = await NatsServerProcess.StartAsync(cancellationToken: Ct);
        using var certificate = TestAuthority.Server(_authority.Intermediate, "127.0.0.1");
        await using var bridge = await BridgeAsync(server, certificate, o => o.ServerCertificateChain = [_authority.Intermediate]);
        await using var connection = Connection(bridge.Url);

        await RoundTrip.RunAsync(connection, Ct);
    }

    [Fact]
    public async Task A_certificate_that_is_not_trusted_or_not_for_that_name_is_refused()
    {
        await using var server = await NatsServerProcess.StartAsync(cancellationToken: Ct);
        using var stranger = new TestAuthority();
        using var certificate = TestAuthority.Server(_authority.Root, "hub.example");
        await using var bridge = await BridgeAsync(server, certificate);
        using var matching = TestAuthority.Server(_authority.Root, "127.0.0.1");
        await using var goodBridge = await BridgeAsync(server, matching);

        await RefusedAsync(Connection(bridge.Url));
        await RefusedAsync(Connection(goodBridge.Url, new NatsTlsOpts()));
        await RefusedAsync(Connection(goodBridge.Url, new NatsTlsOpts { CaCerts = [stranger.Root] }));
        await RefusedAsync(Connection(goodBridge.Url, new NatsTlsOpts { CaCerts = [_authority.Root], TargetHost = "elsewhere.example" }));
    }

    [Fact]
    public async Task The_name_in_the_certificate_can_be_another_than_the_address()
    {
        await using var server = await NatsServerProcess.StartAsync(cancellationToken: Ct);
        using var certificate = TestAuthority.Server(_authority.Root, "hub.example");
        await using var bridge = await BridgeAsync(server, certificate);
        await using var connection = Connection(bridge.Url, new NatsTlsOpts { CaCerts = [_authority.Root], TargetHost = "hub.example" });

        await RoundTrip.RunAsync(connection, Ct);
    }

    [Fact]
    public async Task A_client_certificate_is_shown()
    {
        await using var server = await NatsServerProcess.StartAsync(cancellationToken: Ct);
        using var certificate = TestAuthority.Server(_authority.Root, "127.0.0.1");
        using var client = _authority.Client();
        var shown = new List<string>();
        await using var bridge = await BridgeAsync(server, certificate, o =>
        {
            o.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
            o.ClientCertificateValidation = (presented, _, _) =>
            {
                shown.Add(presented.Thumbprint);
                return true;
            };
        });
        await using var connection = Connection(bridge.Url, new NatsTlsOpts { CaCerts = [_authority.Root], ClientCerts = [client] });

        await RoundTrip.RunAsync(connection, Ct);
        Assert.Equal([client.Thumbprint], shown);
        await RefusedAsync(Connection(bridge.Url));
    }

    public void Dispose() => _authority.Dispose();

    private static async Task RefusedAsync(NatsConnection connection)
    {
        await using (connection)
        {
            var refused = await Assert.ThrowsAsync<NatsConnectionFailedException>(async () => await connection.ConnectAsync(Ct));
            Assert.Null(refused.HttpStatus);
        }
    }

    private static Task<WebSocketBridge> BridgeAsync(NatsServerProcess server, X509Certificate2 certificate, Action<HttpsConnectionAdapterOptions>? configure = null)
    {
        var https = new HttpsConnectionAdapterOptions { ServerCertificate = certificate };
        configure?.Invoke(https);
        return WebSocketBridge.StartAsync(server.Port, _ => true, https);
    }

    private NatsConnection Connection(string url, NatsTlsOpts? tls = null) =>
        new(NatsOpts.Default with { Url = url, TlsOpts = tls ?? new NatsTlsOpts { CaCerts = [_authority.Root] } });
}
