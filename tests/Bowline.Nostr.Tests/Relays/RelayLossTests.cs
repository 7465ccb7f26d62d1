using System.Diagnostics;
using Bowline.Testing.Network;

namespace Bowline.Nostr.Tests.Relays;

/// <summary>Sockets that die in all the ways they do.</summary>
public sealed class RelayLossTests : RelayTestBase
{
    [Fact]
    public async Task A_relay_that_restarts_loses_and_doubles_no_event()
    {
        await using var connection = new RelayConnection(Relay.Url);
        await using var subscription = connection.Subscribe([Notes]);
        await subscription.StoredAsync().WaitAsync(Limit); // Or the relay may be gone before it was reached at all.
        List<string> sent = [];
        for (var round = 0; round < 4; round++)
        {
            for (var i = 0; i < 25; i++)
            {
                sent.Add($"{round}.{i}");
                await Relay.StoreAsync(Note(sent[^1]));
            }

            // Some are on their way, and some are stored while it is away.
            await Relay.StopAsync();
            for (var i = 0; i < 25; i++)
            {
                sent.Add($"{round}.{i} while away");
                await Relay.StoreAsync(Note(sent[^1]));
            }

            var publishing = connection.PublishAsync(Note($"{round}.mine"), cancellationToken: Limit);
            await Relay.ListenAsync();
            Assert.True((await publishing).IsAccepted);
            sent.Add($"{round}.mine");
        }

        await Relay.WaitAsync(relay => relay.Sockets.Any(static socket => !socket.Subscriptions.IsEmpty));
        var texts = await ReadAsync(subscription, sent.Count);
        Assert.Equal(sent.Order(StringComparer.Ordinal), texts.Order(StringComparer.Ordinal));

        // A live event may overtake stored ones that are still on their way, so the end is stored when they have all come.
        await Relay.StoreAsync(Note("end"));
        Assert.Equal(["end"], await ReadUntilAsync(subscription, "end"));
        Assert.Equal(5, connection.Status.Connects);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_socket_that_went_dead_is_noticed_within_ten_seconds(bool stranded)
    {
        await using var proxy = FaultProxy.Start(Relay.Port);
        await using var connection = new RelayConnection(new Uri($"ws://127.0.0.1:{proxy.Port}"));
        await using var subscription = connection.Subscribe([Notes]);
        await subscription.StoredAsync().WaitAsync(Limit);
        var started = Stopwatch.GetTimestamp();
        if (stranded)
        {
            // What a changed address looks like; nobody told us of it.
            proxy.StrandExisting();
            await Relay.StoreAsync(Note("after"));
            Assert.Equal(["after"], await ReadUntilAsync(subscription, "after"));
        }
        else
        {
            proxy.BlackHole();
            while (connection.Status.Phase == RelayPhase.Open)
            {
                await Task.Delay(20, Limit);
            }
        }

        var noticed = Since(started);
        TestContext.Current.TestOutputHelper?.WriteLine($"noticed after {noticed.TotalSeconds:0.00} s");
        Assert.InRange(noticed, TimeSpan.Zero, TimeSpan.FromSeconds(10));
        proxy.Heal();
    }

    [Fact]
    public async Task A_relay_that_was_frozen_loses_and_doubles_no_event()
    {
        await using var proxy = FaultProxy.Start(Relay.Port);
        await using var connection = new RelayConnection(new Uri($"ws://127.0.0.1:{proxy.Port}"));
        await using var subscription = connection.Subscribe([Notes]);
        await subscription.StoredAsync().WaitAsync(Limit);
        await Relay.StoreAsync(Note("before"));
        await ReadUntilAsync(subscription, "before");
        proxy.BlackHole();
        await Relay.StoreAsync(Note("while frozen"));
        var publishing = connection.PublishAsync(Note("mine"), new RelayPublishOptions { Timeout = TimeSpan.FromSeconds(40) }, Limit);
        while (connection.Status.Phase == RelayPhase.Open)
        {
            await Task.Delay(20, Limit);
        }

        proxy.Heal();
        connection.NetworkChanged();
        Assert.True((await publishing).IsAccepted);
        await Relay.StoreAsync(Note("end"));
        var texts = await ReadUntilAsync(subscription, "end");
        Assert.Equal(["end", "mine", "while frozen"], texts.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_change_of_network_shows_a_dead_socket_within_the_probes_time()
    {
        await using var proxy = FaultProxy.Start(Relay.Port);
        await using var connection = new RelayConnection(new Uri($"ws://127.0.0.1:{proxy.Port}"));
        await using var subscription = connection.Subscribe([Notes]);
        await subscription.StoredAsync().WaitAsync(Limit);
        connection.NetworkChanged();
        await Relay.WaitAsync(static relay => relay.Requests.Count() == 2);
        Assert.Equal(1, Relay.Accepted);
        proxy.StrandExisting();
        var started = Stopwatch.GetTimestamp();
        connection.NetworkChanged();
        await Relay.WaitAsync(static relay => relay.Accepted == 2);
        var noticed = Since(started);
        TestContext.Current.TestOutputHelper?.WriteLine($"noticed after {noticed.TotalSeconds:0.00} s");
        Assert.InRange(noticed, TimeSpan.FromSeconds(0.9), TimeSpan.FromSeconds(4));
    }

    [Fact]
    public async Task A_message_that_never_ends_ends_the_socket()
    {
        await using var connection = new RelayConnection(Relay.Url, RelayClientOptions.Default with { ReadDeadline = TimeSpan.FromMilliseconds(200) });
        await connection.OpenedAsync(Limit);
        var socket = await Relay.WaitAsync(static relay => relay.Sockets.FirstOrDefault());
        await socket.SendPartAsync("[\"NOTICE\",");
        await Relay.WaitAsync(static relay => relay.Accepted == 2);
    }

    [Fact]
    public async Task A_relay_that_is_not_there_is_an_outcome_and_a_warning_when_it_lasts()
    {
        var url = Relay.Url;
        await Relay.StopAsync();
        await using var connection = new RelayConnection(url);
        var outcome = await connection.PublishAsync(Note("x"), new RelayPublishOptions { Timeout = TimeSpan.FromMilliseconds(300) }, Limit);
        Assert.Equal(RelayPublishStatus.Unreachable, outcome.Status);
        Assert.NotEmpty(outcome.Text);
        Assert.Empty(connection.Warnings);
        await Relay.ListenAsync();
        Assert.True((await connection.PublishAsync(Note("y"), cancellationToken: Limit)).IsAccepted);
    }
}
