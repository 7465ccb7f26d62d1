using Bowline.Testing.Time;

namespace Bowline.Nostr.Tests.Relays;

public sealed class RelayPoolTests : RelayTestBase
{
    [Fact]
    public async Task An_event_of_several_relays_comes_once_and_is_verified_once()
    {
        await using var second = await ScriptedRelay.StartAsync();
        await using var third = await ScriptedRelay.StartAsync();
        ScriptedRelay[] relays = [Relay, second, third];
        await using var pool = new RelayPool();
        for (var i = 0; i < 20; i++)
        {
            var value = Note($"{i}", i);
            foreach (var relay in relays)
            {
                await relay.StoreAsync(value);
            }
        }

        Uri[] urls = [.. relays.Select(static relay => relay.Url)];
        var result = await pool.QueryAsync(urls, [Notes], cancellationToken: Limit);
        Assert.True(result.IsComplete);
        Assert.Equal(20, result.Events.Select(static value => value.Content).Distinct().Count());
        Assert.Equal(20, result.Events.Count);

        // Two copies that come at the very same time may both be checked; later ones never are.
        var known = pool.SignaturesChecked;
        Assert.InRange(known, 20, 60);
        await pool.QueryAsync(urls, [Notes], cancellationToken: Limit);
        Assert.Equal(known, pool.SignaturesChecked);
    }

    [Fact]
    public async Task Each_relay_has_its_own_outcome()
    {
        await using var refusing = await ScriptedRelay.StartAsync();
        refusing.Instead = static async (socket, message) =>
        {
            if (message is ClientEventMessage { Event: var value })
            {
                await socket.SendAsync(new RelayOkMessage(value.Id, Accepted: false, "blocked: go away"));
            }

            return message is ClientEventMessage;
        };
        await using var silent = await ScriptedRelay.StartAsync();
        silent.Instead = static (_, message) => Task.FromResult(message is ClientEventMessage);
        var gone = await ScriptedRelay.StartAsync();
        await gone.StopAsync();
        await using var pool = new RelayPool();
        var outcomes = await pool.PublishAsync(
            [Relay.Url, refusing.Url, silent.Url, gone.Url, Relay.Url],
            Note("x"),
            new RelayPublishOptions { Timeout = TimeSpan.FromSeconds(1) },
            Limit);
        Assert.Equal(
            [
                (RelayPublishStatus.Accepted, RelayReason.None),
                (RelayPublishStatus.Rejected, RelayReason.Blocked),
                (RelayPublishStatus.TimedOut, RelayReason.Other),
                (RelayPublishStatus.Unreachable, RelayReason.Other),
            ],
            outcomes.Select(static outcome => (outcome.Status, outcome.Reason)));
    }

    [Fact]
    public async Task The_mark_does_not_wait_for_a_relay_that_is_not_there_and_its_events_come_when_it_is()
    {
        var late = await ScriptedRelay.StartAsync();
        await late.StopAsync();
        await late.StoreAsync(Note("late"));
        await Relay.StoreAsync(Note("early"));
        await using var pool = new RelayPool();
        await using var subscription = pool.Subscribe([Relay.Url, late.Url], [Notes]);
        await subscription.StoredAsync().WaitAsync(Limit);
        await late.ListenAsync();
        Assert.Equal(["early", "late"], await ReadUntilAsync(subscription, "late"));
        await late.DisposeAsync();
    }

    [Fact]
    public async Task A_subscription_ends_when_its_last_relay_has_ended_it()
    {
        await using var second = await ScriptedRelay.StartAsync();
        second.Instead = static async (socket, message) =>
        {
            if (message is ClientRequestMessage request)
            {
                await socket.SendAsync(new RelayClosedMessage(request.SubscriptionId, "blocked: no"));
            }

            return message is ClientRequestMessage;
        };
        await using var pool = new RelayPool();
        await using var both = pool.Subscribe([Relay.Url, second.Url], [Notes]);
        await both.StoredAsync().WaitAsync(Limit);
        await Relay.StoreAsync(Note("x"));
        await ReadUntilAsync(both, "x");
        await using var one = pool.Subscribe([second.Url], [Notes]);
        var error = await Assert.ThrowsAsync<RelayException>(() => ReadUntilAsync(one, "never"));
        Assert.Equal((RelayError.SubscriptionClosed, RelayReason.Blocked), (error.Error, error.Reason));
    }

    [Fact]
    public async Task Spellings_of_an_address_share_a_connection_that_lives_while_it_is_used()
    {
        var time = new ManualTimeProvider();
        await using var pool = new RelayPool(RelayClientOptions.Default with { TimeProvider = time });
        var first = pool.Use(Relay.Url);
        var second = pool.Use(new Uri($"WS://127.0.0.1:{Relay.Port}"));
        Assert.Same(first.Connection, second.Connection);
        await first.Connection.OpenedAsync(Limit);
        first.Dispose();
        first.Dispose();
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.Single(pool.Statuses);
        second.Dispose();
        time.Advance(TimeSpan.FromSeconds(29));
        var third = pool.Use(Relay.Url);
        third.Dispose();
        time.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal(RelayPhase.Open, pool.Statuses.Single().Value.Phase);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Empty(pool.Statuses);
        await Relay.WaitAsync(static relay => relay.Accepted == 1 && relay.Sockets.Count == 0);
    }

    [Fact]
    public async Task A_closed_pool_leaves_nothing_running()
    {
        var pool = new RelayPool();
        var subscription = pool.Subscribe([Relay.Url], [Notes]);
        await subscription.StoredAsync().WaitAsync(Limit);
        await pool.DisposeAsync();
        await Relay.WaitAsync(static relay => relay.Sockets.Count == 0);
        Assert.Throws<ObjectDisposedException>(() => pool.Use(Relay.Url));
        await Assert.ThrowsAsync<RelayException>(() => ReadUntilAsync(subscription, "never"));
        await subscription.DisposeAsync();
    }
}
