using Bowline.Nats.Tests.Support;
using Bowline.Testing.NatsServers;

namespace Bowline.Nats.Tests.Connection;

/// <summary>Servers that a cluster announces.</summary>
public sealed class ClusterTests
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task When_the_server_dies_the_next_one_that_was_announced_is_taken()
    {
        await using var first = await NatsServerProcess.StartAsync(NatsServerOptions.Plain with { Cluster = true }, Ct);
        await using var second = await NatsServerProcess.StartAsync(NatsServerOptions.Plain with { Joins = first.ClusterUrl }, Ct);
        await using (var early = first.Connection())
        {
            await KnowsAsync(early, second);
        }

        await using var connection = first.Connection();
        await connection.ConnectAsync(Ct);
        await MovesAsync(connection, first, second);
    }

    [Fact]
    public async Task A_server_that_joins_later_is_known_as_well()
    {
        await using var first = await NatsServerProcess.StartAsync(NatsServerOptions.Plain with { Cluster = true }, Ct);
        await using var connection = first.Connection();
        await connection.ConnectAsync(Ct);
        await using var second = await NatsServerProcess.StartAsync(NatsServerOptions.Plain with { Joins = first.ClusterUrl }, Ct);
        await KnowsAsync(connection, second);
        await MovesAsync(connection, first, second);
    }

    [Fact]
    public async Task Announced_servers_are_not_used_when_they_are_not_wanted()
    {
        await using var first = await NatsServerProcess.StartAsync(NatsServerOptions.Plain with { Cluster = true }, Ct);
        await using var connection = first.Connection(o => o with { DiscoverServers = false });
        var events = new Collector(connection);
        await connection.ConnectAsync(Ct);
        await using var second = await NatsServerProcess.StartAsync(NatsServerOptions.Plain with { Joins = first.ClusterUrl }, Ct);
        await KnowsAsync(connection, second);

        await first.KillAsync(Ct);
        await events.NextAsync("disconnected", Ct);
        await events.NextAsync("failed", Ct);
        await first.RestartAsync(Ct);
        await events.NextAsync("opened", Ct);

        await using var same = first.Connection();
        await same.ConnectAsync(Ct);
        Assert.Equal(same.ServerInfo!.Id, connection.ServerInfo!.Id);
    }

    private static async Task MovesAsync(NatsConnection connection, NatsServerProcess first, NatsServerProcess second)
    {
        var events = new Collector(connection);
        await using var sub = await connection.SubscribeCoreAsync<string>("x", cancellationToken: Ct);

        await first.KillAsync(Ct);
        await events.NextAsync("disconnected", Ct);
        await events.NextAsync("opened", Ct).WaitAsync(TimeSpan.FromSeconds(10), Ct);

        await using var other = second.Connection();
        await other.ConnectAsync(Ct);
        Assert.Equal(other.ServerInfo!.Id, connection.ServerInfo!.Id);
        await connection.PingAsync(Ct);
        await other.PublishAsync("x", "moved", cancellationToken: Ct);
        Assert.Equal("moved", (await sub.Msgs.ReadAsync(Ct)).Data);
    }

    /// <summary>The server sends news of its cluster by itself; each PING brings what it has sent by then.</summary>
    private static async Task KnowsAsync(NatsConnection connection, NatsServerProcess other)
    {
        await connection.ConnectAsync(Ct);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        limit.CancelAfter(TimeSpan.FromSeconds(20));
        while (connection.ServerInfo?.ConnectUrls?.Contains($"127.0.0.1:{other.Port}") != true)
        {
            await connection.PingAsync(limit.Token);
        }
    }
}
