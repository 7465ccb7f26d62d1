using Bowline.Nats.Tests.Support;
using Bowline.Testing.NatsServers;

namespace Bowline.Nats.Tests.Connection;

/// <summary>A server that lets only clients with a certificate in.</summary>
public sealed class ClientCertificateTests
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_client_with_the_right_certificate_is_let_in_and_comes_back_after_a_restart()
    {
        await using var server = await StartAsync();
        await using var connection = server.Connection(o => o with { TlsOpts = new() { CaCerts = [server.Certificate!], ClientCerts = [server.ClientCertificate!] } });
        var events = new Collector(connection);
        await RoundTrip.RunAsync(connection, Ct);

        await server.RestartAsync(Ct);
        await events.NextAsync("disconnected", Ct);
        await events.NextAsync("opened", Ct);
        await RoundTrip.RunAsync(connection, Ct);
    }

    [Fact]
    public async Task A_client_without_or_with_a_strange_certificate_is_refused()
    {
        await using var server = await StartAsync();
        using var stranger = new TestAuthority();
        using var strange = stranger.Client();
        await using var without = server.Connection(o => o with { TlsOpts = new() { CaCerts = [server.Certificate!] } });
        await using var wrong = server.Connection(o => o with { TlsOpts = new() { CaCerts = [server.Certificate!], ClientCerts = [strange] } });

        await Assert.ThrowsAsync<NatsConnectionFailedException>(async () => await without.ConnectAsync(Ct));
        await Assert.ThrowsAsync<NatsConnectionFailedException>(async () => await wrong.ConnectAsync(Ct));
    }

    private static Task<NatsServerProcess> StartAsync() => NatsServerProcess.StartAsync(NatsServerOptions.Plain with { Tls = true, VerifyClients = true }, Ct);
}
