using System.Text;
using Bowline.Core.Identity;
using Bowline.Hub.Links;
using Bowline.Nats;
using Bowline.Testing.NatsServers;

namespace Bowline.Hub.Tests.Links;

public sealed class HereInboxTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_node_that_floods_costs_one_entry_and_another_is_still_heard()
    {
        await using var server = await NatsServerProcess.StartAsync(new NatsServerOptions(), Token);
        await using var hub = new NatsConnection(new NatsOpts { Url = server.Url });
        await using var node = new NatsConnection(new NatsOpts { Url = server.Url });
        var inbox = new HereInbox();
        await hub.AddSubAsync(inbox, Token);
        await hub.PingAsync(Token);
        using var loud = DeviceKey.Create();
        using var quiet = DeviceKey.Create();

        for (var i = 0; i < 20_000; i++)
        {
            await node.PublishAsync($"links.{loud.Id}.here", Encoding.UTF8.GetBytes($"{i}"), cancellationToken: Token);
        }

        await node.PublishAsync($"links.{loud.Id}.here", new byte[2000], cancellationToken: Token);
        await node.PublishAsync("links.nobody.here", "x"u8.ToArray(), cancellationToken: Token);
        await node.PublishAsync($"links.{quiet.Id}.here", "hello"u8.ToArray(), cancellationToken: Token);
        await node.PingAsync(Token);
        await hub.PingAsync(Token);

        Assert.True(await inbox.WaitAsync(Token));
        var taken = inbox.Take().ToDictionary(entry => entry.Key, entry => Encoding.UTF8.GetString(entry.Value));
        Assert.Equal(2, taken.Count);
        Assert.Equal("19999", taken[loud.Id]);
        Assert.Equal("hello", taken[quiet.Id]);
        Assert.Empty(inbox.Take());
    }

    [Fact]
    public async Task The_wait_ends_with_the_connection()
    {
        await using var server = await NatsServerProcess.StartAsync(new NatsServerOptions(), Token);
        var hub = new NatsConnection(new NatsOpts { Url = server.Url });
        var inbox = new HereInbox();
        await hub.AddSubAsync(inbox, Token);
        await hub.DisposeAsync();
        Assert.False(await inbox.WaitAsync(Token));
    }
}
