using Bowline.Nostr;

namespace Bowline.Relay.Tests.Limits;

/// <summary>The limits that answer nothing: beyond them a client waits.</summary>
public sealed class HeldBackTests
{
    private readonly Doorway _doorway = new();

    [Fact]
    public async Task Beyond_the_commits_under_way_nothing_more_is_read()
    {
        await using var relay = await TestRelay.StartAsync(new MemoryStore { BeforeCommit = _doorway.PassAsync }, static options => options.Limits = new() { Pending = 2 });
        using var client = await RawClient.ConnectAsync(relay.WebSocket);
        var events = Enumerable.Range(0, 8).Select(static i => Make.Note($"{i}")).ToList();
        foreach (var value in events)
        {
            await client.SendAsync($"""["EVENT",{System.Text.Encoding.UTF8.GetString(EventJson.Of(value))}]""");
        }

        await _doorway.WaitForAsync(2);
        await using var other = await relay.ConnectAsync();
        await other.PublishAsync(Make.Note("of another connection"));
        await _doorway.WaitForAsync(3); // The limit is one of connections, and whoever was going to come in has had the time.
        Assert.Equal(3, _doorway.Most);
        _doorway.Open();
        foreach (var _ in events)
        {
            Assert.Contains("true", await client.ReceiveTextAsync(), StringComparison.Ordinal);
        }

        Assert.True((await other.ReceiveAsync<RelayOkMessage>()).Accepted);
    }

    [Fact]
    public async Task Beyond_the_queries_of_a_connection_its_others_wait_and_those_of_others_do_not()
    {
        await using var relay = await TestRelay.StartAsync(new MemoryStore { BeforeQuery = _doorway.PassAsync }, static options => options.Limits = new() { QueriesPerConnection = 2, Queries = 16 });
        await using var client = await relay.ConnectAsync();
        await using var other = await relay.ConnectAsync();
        for (var i = 0; i < 6; i++)
        {
            await client.RequestAsync($"{i}", Make.Kind(1));
        }

        await _doorway.WaitForAsync(2);
        await other.RequestAsync("other", Make.Kind(1));
        await _doorway.WaitForAsync(3);
        Assert.Equal(3, _doorway.Most);
        _doorway.Open();
        Assert.Equal("other", (await other.ReceiveAsync<RelayEndOfStoredMessage>()).SubscriptionId);
        var ended = new HashSet<string>();
        for (var i = 0; i < 6; i++)
        {
            Assert.True(ended.Add((await client.ReceiveAsync<RelayEndOfStoredMessage>()).SubscriptionId));
        }
    }

    [Fact]
    public async Task Beyond_the_queries_in_all_everybody_waits()
    {
        await using var relay = await TestRelay.StartAsync(new MemoryStore { BeforeQuery = _doorway.PassAsync }, static options => options.Limits = new() { Queries = 2 });
        var clients = new List<TestClient>();
        for (var i = 0; i < 5; i++)
        {
            clients.Add(await relay.ConnectAsync());
            await clients[i].RequestAsync("s", Make.Kind(1));
            await clients[i].SendAsync("no message");
            _ = await clients[i].ReceiveAsync<RelayNoticeMessage>(); // So the REQ before it was read.
        }

        await _doorway.WaitForAsync(2);
        Assert.Equal(2, _doorway.Most);
        _doorway.Open();
        foreach (var client in clients)
        {
            _ = await client.ReceiveAsync<RelayEndOfStoredMessage>();
            await client.DisposeAsync();
        }

        Assert.Equal(2, _doorway.Most);
    }

    /// <summary>Holds whoever comes in until it is opened, and counts them.</summary>
    private sealed class Doorway
    {
        private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly Lock _lock = new();
        private int _inside;

        /// <summary>The most that were inside at a time.</summary>
        public int Most { get; private set; }

        public void Open() => _open.SetResult();

        public async Task PassAsync()
        {
            lock (_lock)
            {
                Most = Math.Max(Most, ++_inside);
            }

            await _open.Task;
            await Task.Yield();
            lock (_lock)
            {
                _inside--;
            }
        }

        public Task WaitForAsync(int count) => Eventually.Async(() =>
        {
            lock (_lock)
            {
                return _inside >= count;
            }
        });
    }
}
