using System.Net.WebSockets;

namespace Bowline.Nostr.Tests.Relays;

public sealed class RelayConnectionTests : RelayTestBase
{
    [Fact]
    public async Task Stored_events_come_first_then_the_mark_then_new_ones()
    {
        await Relay.StoreAsync(Note("old", 1));
        await using var connection = new RelayConnection(Relay.Url);
        await using var subscription = connection.Subscribe([Notes]);
        await using var items = subscription.ReadItemsAsync(Limit).GetAsyncEnumerator(Limit);
        await items.MoveNextAsync();
        Assert.Equal("old", items.Current.Event!.Content);
        await items.MoveNextAsync();
        Assert.True(items.Current.IsEndOfStored);
        Assert.True(subscription.StoredAsync().IsCompletedSuccessfully);
        Assert.True((await connection.PublishAsync(Note("new"), cancellationToken: Limit)).IsAccepted);
        await items.MoveNextAsync();
        Assert.Equal(("new", connection.Relay), (items.Current.Event!.Content, items.Current.Relay));
    }

    [Fact]
    public async Task What_is_stored_can_be_asked_for_once()
    {
        await Relay.StoreAsync(Note("a", 1));
        await Relay.StoreAsync(Note("b", 2));
        await using var connection = new RelayConnection(Relay.Url);
        var result = await connection.QueryAsync([Notes with { Limit = 1 }], cancellationToken: Limit);
        Assert.Equal((true, "b"), (result.IsComplete, Assert.Single(result.Events).Content));
        await Relay.WaitAsync(static relay => relay.Received.Any(static entry => entry.Message is ClientCloseMessage));
    }

    [Fact]
    public async Task Nobody_sees_a_forged_event_and_the_relay_is_reported()
    {
        await using var connection = new RelayConnection(Relay.Url);
        await using var subscription = connection.Subscribe([Notes]);
        await subscription.StoredAsync().WaitAsync(Limit);
        var right = Note("right");
        var other = Note("other");
        await Relay.StoreAsync(Forge(right, "forged text"));
        await Relay.StoreAsync(new NostrEvent
        {
            Id = right.Id,
            PublicKey = right.PublicKey,
            CreatedAt = right.CreatedAt,
            Kind = right.Kind,
            Tags = right.Tags,
            Content = right.Content,
            Signature = other.Signature,
        });
        await Relay.StoreAsync(right);

        // Known to be right by now, and still no cover for a forged copy.
        await Relay.StoreAsync(Forge(right, "forged again"));
        await Relay.StoreAsync(Note("last"));
        Assert.Equal(["right", "last"], await ReadUntilAsync(subscription, "last"));
        Assert.Equal(3, connection.Status.Forged);
        Assert.Contains(connection.Warnings, static warning => warning.Code == "relay-forged-events");
    }

    [Fact]
    public async Task Garbage_is_counted_and_too_much_of_it_ends_the_socket()
    {
        await using var connection = new RelayConnection(Relay.Url, RelayClientOptions.Default with { MaxMessageBytes = 100_000 });
        await using var subscription = connection.Subscribe([Notes]);
        await subscription.StoredAsync().WaitAsync(Limit);
        var socket = Relay.Sockets.Single();
        await socket.SendTextAsync("not JSON");
        await socket.SendTextAsync("[\"WHAT\"]");
        await socket.SendTextAsync("[\"EVENT\",\"x\",{}]");
        await socket.SendAsync(new byte[] { 1, 2 }, WebSocketMessageType.Binary);
        await socket.SendTextAsync(new string('x', 1_000_000));
        await socket.SendTextAsync(new string('[', 90_000));
        await Relay.StoreAsync(Note("still here"));
        await ReadUntilAsync(subscription, "still here");
        Assert.Equal(6, connection.Status.Garbage);
        Assert.Contains(connection.Warnings, static warning => warning.Code == "relay-garbage");
        for (var i = 6; i < 20; i++)
        {
            await socket.SendTextAsync("{}");
        }

        await Relay.WaitAsync(static relay => relay.Sockets.Count == 0);
        Assert.Equal(RelayPhase.Waiting, connection.Status.Phase);
    }

    [Fact]
    public async Task A_flood_is_taken_at_the_readers_pace_and_nothing_is_lost()
    {
        const int Count = 5_000;
        var options = RelayClientOptions.Default with { SubscriptionCapacity = 10, MaxBufferedBytes = 20_000 };
        for (var i = 0; i < Count; i++)
        {
            await Relay.StoreAsync(Note($"{i}", Count - i));
        }

        await using var connection = new RelayConnection(Relay.Url, options);
        await using var subscription = connection.Subscribe([Notes]);
        var texts = await ReadUntilAsync(subscription, $"{Count - 1}");
        Assert.Equal(Enumerable.Range(0, Count).Select(static i => $"{i}"), texts);
    }

    [Fact]
    public async Task A_reader_that_stopped_ends_its_own_subscription_and_no_other()
    {
        for (var i = 0; i < 50; i++)
        {
            await Relay.StoreAsync(Note($"{i}", 50 - i));
        }

        await using var connection = new RelayConnection(Relay.Url, RelayClientOptions.Default with { SlowReaderLimit = TimeSpan.FromMilliseconds(200) });
        await using var stopped = connection.Subscribe([Notes], new RelaySubscribeOptions { Capacity = 10 });
        await using var reading = connection.Subscribe([Notes]);
        Assert.Equal(50, (await ReadUntilAsync(reading, "49")).Count);
        List<string> texts = [];
        var error = await Assert.ThrowsAsync<RelayException>(async () =>
        {
            await foreach (var value in stopped.ReadAllAsync(Limit))
            {
                texts.Add(value.Content);
            }
        });
        Assert.Equal(RelayError.SlowReader, error.Error);
        Assert.Equal(10, texts.Count);
    }

    [Fact]
    public async Task A_reader_that_is_slow_but_reads_is_waited_for_and_the_socket_does_not_look_dead()
    {
        const int Count = 400;
        for (var i = 0; i < Count; i++)
        {
            await Relay.StoreAsync(Note($"{i}" + new string(' ', 20_000), Count - i));
        }

        var options = RelayClientOptions.Default with
        {
            PingInterval = TimeSpan.FromMilliseconds(300),
            PingTimeout = TimeSpan.FromSeconds(1), // A busy machine may hold a process up for half of it.
            MaxBufferedBytes = 20_000,
        };
        await using var connection = new RelayConnection(Relay.Url, options);
        await using var subscription = connection.Subscribe([Notes], new RelaySubscribeOptions { Capacity = 1 });
        List<string> texts = [];
        await foreach (var value in subscription.ReadAllAsync(Limit))
        {
            texts.Add(value.Content.TrimEnd());
            if (texts.Count == Count)
            {
                break;
            }

            // This reader's work; 8 s altogether, eight times what a ping may take.
            await Task.Delay(20, Limit);
        }

        Assert.Equal(Enumerable.Range(0, Count).Select(static i => $"{i}"), texts);
        Assert.Equal(1, connection.Status.Connects);
    }

    [Fact]
    public async Task After_a_sleep_of_the_machine_the_socket_is_asked_at_once()
    {
        var time = new Bowline.Testing.Time.ManualTimeProvider(Now);
        await using var connection = new RelayConnection(Relay.Url, RelayClientOptions.Default with { TimeProvider = time });
        await connection.OpenedAsync(Limit);
        time.WallClockShift = TimeSpan.FromMinutes(10);
        time.Advance(Bowline.Core.Time.SuspendMonitor.DefaultInterval);
        var probe = await Relay.WaitAsync(static relay => relay.Requests.FirstOrDefault());
        await Relay.WaitAsync(relay => relay.Received.Any(entry => entry.Message is ClientCloseMessage close && close.SubscriptionId == probe.SubscriptionId));
        Assert.Equal(1, Relay.Accepted);
    }

    [Fact]
    public async Task A_thousand_users_share_one_socket_and_few_requests()
    {
        using var stop = new CancellationTokenSource();
        await using var connection = new RelayConnection(Relay.Url);
        await connection.OpenedAsync(Limit);
        var keys = Enumerable.Range(0, 1000).Select(static _ => NostrKey.Create()).ToList();
        List<RelaySubscription> users = [.. keys.Select(key => connection.Subscribe([new NostrFilter { Kinds = [1], Authors = [key.PublicKey] }]))];
        await Task.WhenAll(users.Select(static user => user.StoredAsync())).WaitAsync(Limit);
        Assert.Equal(1, Relay.Accepted);
        Assert.InRange(Relay.MostSubscriptions, 2, 20);
        for (var i = 0; i < keys.Count; i++)
        {
            await Relay.StoreAsync(keys[i].Sign(1, $"of {i}", null, Now));
        }

        for (var i = 0; i < keys.Count; i++)
        {
            Assert.Equal([$"of {i}"], await ReadUntilAsync(users[i], $"of {i}"));
            await users[i].DisposeAsync();
        }

        await Relay.WaitAsync(static relay => relay.Sockets.Single().Subscriptions.IsEmpty);
        Assert.Equal(0, connection.Status.Requests);
    }

    [Fact]
    public async Task The_limits_of_the_information_document_are_kept()
    {
        Relay.Information = """{"name":"small","limitation":{"max_message_length":5000,"max_subscriptions":4,"max_filters":2,"max_limit":7}}""";
        await using var connection = new RelayConnection(Relay.Url);
        var keys = Enumerable.Range(0, 100).Select(static _ => NostrKey.Create()).ToList();
        List<RelaySubscription> users = [.. keys.Select(key => connection.Subscribe([new NostrFilter { Kinds = [1], Authors = [key.PublicKey] }]))];
        await Task.WhenAll(users.Select(static user => user.StoredAsync())).WaitAsync(Limit);
        foreach (var user in users)
        {
            await user.DisposeAsync();
        }

        await connection.QueryAsync([Notes with { Limit = 500 }], cancellationToken: Limit);
        Assert.Equal(RelayPublishStatus.TooLarge, (await connection.PublishAsync(Note(new string('x', 5000)), cancellationToken: Limit)).Status);
        Assert.InRange(Relay.LongestMessage, 1, 5000);
        Assert.InRange(Relay.MostSubscriptions, 1, 4);
        Assert.All(Relay.Requests, static request => Assert.InRange(request.Filters.Count, 1, 2));
        Assert.Equal(7, Relay.Requests.Last().Filters[0].Limit);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("not JSON")]
    [InlineData("""{"limitation":{"max_subscriptions":"many","max_filters":-1}}""")]
    public async Task A_relay_without_a_right_information_document_works(string? document)
    {
        Relay.Information = document ?? new string(' ', 100_000) + "{}";
        await using var connection = new RelayConnection(Relay.Url);
        Assert.True((await connection.QueryAsync([Notes], cancellationToken: Limit)).IsComplete);
    }

    [Fact]
    public async Task Closing_ends_subscriptions_with_an_error_and_says_goodbye()
    {
        var connection = new RelayConnection(Relay.Url);
        await using var subscription = connection.Subscribe([Notes]);
        await subscription.StoredAsync().WaitAsync(Limit);
        await connection.DisposeAsync();
        var error = await Assert.ThrowsAsync<RelayException>(() => ReadUntilAsync(subscription, "never"));
        Assert.Equal(RelayError.Closed, error.Error);
        await Relay.WaitAsync(static relay => relay.Sockets.Count == 0);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => connection.PublishAsync(Note("x")));
    }
}
