using Bowline.Hub.Tests.Support;
using Bowline.Testing.NatsServers;

namespace Bowline.Hub.Tests.Links;

public sealed class LinkTunnelTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly string _folder = Directory.CreateTempSubdirectory("bowline-tunnel-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_hub_follows_a_server_that_comes_back_on_another_port()
    {
        await using var server = await NatsServerProcess.StartAsync(NatsServerOptions.WithOperator, Token);
        var options = Options(server);
        await using var hub = await HubFixture.StartAsync(o => o.Nats = options);
        using var device = await hub.EnrolAsync();
        await using var node = await TestNode.StartAsync(hub, device);
        using var client = hub.Operator();
        Assert.Equal("online", await PingAsync(client));
        var before = server.Port;

        await server.RestartElsewhereAsync(Token);
        Assert.NotEqual(before, server.Port);
        options.Url = new Uri(server.Url);

        // The node comes back by the bridge, which asks for the address each time; the hub's own connection must do the same.
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(Patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (await PingAsync(client, limit.Token) != "online")
        {
            await timer.WaitForNextTickAsync(limit.Token);
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static async Task<string?> PingAsync(HttpClient client, CancellationToken cancellationToken = default)
    {
        using var ping = await client.PostAsync("/api/links/desk/ping", null, cancellationToken == default ? Token : cancellationToken);
        return (await HubFixture.JsonAsync(ping)).GetProperty("state").GetString();
    }

    private HubNatsOptions Options(NatsServerProcess server) => new()
    {
        Url = new Uri(server.Url),
        HubCredsFile = Write("hub.creds", server.Operator!.HubCreds().Format()),
        LinkCredsFile = Write("link.creds", server.Operator.LinkCreds().Format()),
        LinkSigningKeyFile = Write("signing.nk", server.Operator.LinksSigningKey.Seed),
    };

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
