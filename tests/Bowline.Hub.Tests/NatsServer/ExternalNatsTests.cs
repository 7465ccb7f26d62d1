using Bowline.Hub.Tests.Support;
using Bowline.Testing.NatsServers;

namespace Bowline.Hub.Tests.NatsServer;

public sealed class ExternalNatsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("bowline-external-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_hub_carries_links_over_an_existing_cluster()
    {
        await using var server = await NatsServerProcess.StartAsync(NatsServerOptions.WithOperator, Token);
        await using var hub = await HubFixture.StartAsync(o => o.Nats = Options(server));
        using var device = await hub.EnrolAsync();
        await using var node = await TestNode.StartAsync(hub, device);
        using var client = hub.Operator();
        string? state = null;
        for (var i = 0; i < 5 && state != "online"; i++) // On a busy machine a probe may go unanswered.
        {
            using var ping = await client.PostAsync("/api/links/desk/ping", null, Token);
            state = (await HubFixture.JsonAsync(ping)).GetProperty("state").GetString();
        }

        Assert.Equal("online", state);
        Assert.False(Directory.Exists(Path.Combine(hub.Folder, "nats")));
    }

    [Fact]
    public async Task A_cluster_that_refuses_the_credentials_stops_the_start_with_a_typed_error()
    {
        await using var server = await NatsServerProcess.StartAsync(NatsServerOptions.WithOperator, Token);
        await using var other = await NatsServerProcess.StartAsync(NatsServerOptions.WithOperator, Token);
        var options = Options(server);
        await File.WriteAllTextAsync(options.LinkCredsFile, other.Operator!.LinkCreds().Format(), Token);
        var error = await Assert.ThrowsAsync<HubException>(() => HubFixture.StartAsync(o => o.Nats = options));
        Assert.Equal(HubError.NatsUnreachable, error.Error);
    }

    [Fact]
    public async Task Files_that_are_missing_or_nonsense_are_named()
    {
        await using var server = await NatsServerProcess.StartAsync(NatsServerOptions.WithOperator, Token);
        var missing = Options(server);
        File.Delete(missing.HubCredsFile);
        var error = await Assert.ThrowsAsync<HubException>(() => HubFixture.StartAsync(o => o.Nats = missing));
        Assert.Contains("--nats-hub-creds", error.Message, StringComparison.Ordinal);
        var nonsense = Options(server);
        await File.WriteAllTextAsync(nonsense.LinkSigningKeyFile, "not a seed", Token);
        error = await Assert.ThrowsAsync<HubException>(() => HubFixture.StartAsync(o => o.Nats = nonsense));
        Assert.Contains("--nats-link-signing-key", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cluster_without_a_plain_address_needs_one_that_nodes_can_use()
    {
        await using var server = await NatsServerProcess.StartAsync(NatsServerOptions.WithOperator, Token);
        var good = Options(server);
        var tls = new HubNatsOptions { Url = new Uri("tls://nats.example.org:4222"), HubCredsFile = good.HubCredsFile, LinkCredsFile = good.LinkCredsFile, LinkSigningKeyFile = good.LinkSigningKeyFile };
        var error = Assert.Throws<HubException>(() => HubApp.Create(HubFixture.Options(_folder, o => o.Nats = tls)));
        Assert.Contains("--nats-public-url", error.Message, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private HubNatsOptions Options(NatsServerProcess server)
    {
        var keys = server.Operator!;
        return new HubNatsOptions
        {
            Url = new Uri(server.Url),
            HubCredsFile = Write("hub.creds", keys.HubCreds().Format()),
            LinkCredsFile = Write("link.creds", keys.LinkCreds().Format()),
            LinkSigningKeyFile = Write("signing.nk", keys.LinksSigningKey.Seed),
        };
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return path;
    }
}
