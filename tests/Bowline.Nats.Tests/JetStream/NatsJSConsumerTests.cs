using System.Diagnostics;
using Bowline.Nats.JetStream;

namespace Bowline.Nats.Tests.JetStream;

public sealed class NatsJSConsumerTests
{
    private static readonly NatsJSConsumeOpts Quick = new() { IdleHeartbeat = TimeSpan.FromMilliseconds(200), Expires = TimeSpan.FromSeconds(2), MaxMsgs = 20 };

    /// <summary>How much earlier than asked the server's timer may come.</summary>
    private static readonly TimeSpan Early = TimeSpan.FromMilliseconds(50);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Fetched_messages_carry_subject_headers_and_place_and_are_acknowledged()
    {
        await using var server = await JetStreamServer.StartAsync();
        var stream = await server.CreateEventsAsync();
        await server.Js.PublishAsync("evt.a", "one", headers: new NatsHeaders { { "X", "1" } }, cancellationToken: Ct);
        await server.PublishAsync(4, "evt.b");
        var consumer = await stream.CreateOrUpdateConsumerAsync(new ConsumerConfig { Name = "hub", DurableName = "hub", FilterSubject = "evt.>", AckWait = TimeSpan.FromSeconds(30) }, Ct);
        var messages = await consumer.FetchAsync<string>(new NatsJSFetchOpts { MaxMsgs = 5 }, cancellationToken: Ct).ToListAsync(Ct);
        Assert.Equal(5, messages.Count);
        Assert.Equal(("evt.a", "one", "1"), (messages[0].Subject, messages[0].Data, messages[0].Headers!["X"]));
        Assert.Equal(("EVT", "hub", 1UL, 1UL, 1UL, 4UL), (messages[0].Metadata.Stream, messages[0].Metadata.Consumer, messages[0].Metadata.NumDelivered, messages[0].Metadata.StreamSequence, messages[0].Metadata.ConsumerSequence, messages[0].Metadata.NumPending));
        Assert.InRange(messages[0].Metadata.Timestamp, DateTimeOffset.UtcNow.AddMinutes(-1), DateTimeOffset.UtcNow.AddMinutes(1));
        foreach (var msg in messages)
        {
            await msg.AckAsync(confirm: true, Ct);
        }

        await consumer.RefreshAsync(Ct);
        Assert.Equal((0L, 5UL), (consumer.Info.NumAckPending, consumer.Info.AckFloor!.StreamSeq));
    }

    [Fact]
    public async Task A_fetch_without_messages_ends_when_told()
    {
        await using var server = await JetStreamServer.StartAsync();
        var stream = await server.CreateEventsAsync();
        var consumer = await stream.CreateOrUpdateConsumerAsync(new ConsumerConfig { Name = "hub" }, Ct);
        Assert.Empty(await consumer.FetchAsync<string>(new NatsJSFetchOpts { NoWait = true }, cancellationToken: Ct).ToListAsync(Ct));
        Assert.Null(await consumer.NextAsync<string>(TimeSpan.FromMilliseconds(100), cancellationToken: Ct));
        await server.PublishAsync(3);
        Assert.Equal(3, (await consumer.FetchAsync<string>(new NatsJSFetchOpts { NoWait = true }, cancellationToken: Ct).ToListAsync(Ct)).Count);
    }

    [Fact]
    public async Task Nak_delay_progress_and_terminate_do_what_they_say()
    {
        await using var server = await JetStreamServer.StartAsync();
        var stream = await server.CreateEventsAsync();
        var ackWait = TimeSpan.FromSeconds(3);
        var consumer = await stream.CreateOrUpdateConsumerAsync(new ConsumerConfig { Name = "hub", AckWait = ackWait }, Ct);
        await server.PublishAsync(1);

        var first = (await consumer.NextAsync<string>(cancellationToken: Ct))!.Value;
        await first.NakAsync(confirm: true, cancellationToken: Ct);
        var second = (await consumer.NextAsync<string>(cancellationToken: Ct))!.Value;
        Assert.Equal(2UL, second.Metadata.NumDelivered);

        // Times run from before a word was sent, so that a slow machine only makes them longer.
        var delay = TimeSpan.FromMilliseconds(500);
        var nak = Stopwatch.GetTimestamp();
        await second.NakAsync(delay, confirm: true, Ct);
        var third = (await consumer.NextAsync<string>(cancellationToken: Ct))!.Value;
        Assert.Equal(3UL, third.Metadata.NumDelivered);
        Assert.InRange(Stopwatch.GetElapsedTime(nak), delay - Early, ackWait - Early);

        // Without progress it would come again two seconds after this, and not three.
        await Task.Delay(TimeSpan.FromSeconds(1), Ct);
        var progress = Stopwatch.GetTimestamp();
        await third.AckProgressAsync(Ct);
        var fourth = (await consumer.NextAsync<string>(cancellationToken: Ct))!.Value;
        Assert.Equal(4UL, fourth.Metadata.NumDelivered);
        Assert.InRange(Stopwatch.GetElapsedTime(progress), ackWait - Early, TimeSpan.MaxValue);
        await fourth.AckTerminateAsync(confirm: true, Ct);
        Assert.Null(await consumer.NextAsync<string>(TimeSpan.FromSeconds(1), cancellationToken: Ct));
        await consumer.RefreshAsync(Ct);
        Assert.Equal(0, consumer.Info.NumAckPending);
    }

    [Fact]
    public async Task Consume_takes_everything_and_goes_on_with_what_comes_later()
    {
        await using var server = await JetStreamServer.StartAsync();
        var stream = await server.CreateEventsAsync();
        await server.PublishAsync(70);
        var consumer = await stream.CreateOrUpdateConsumerAsync(new ConsumerConfig { Name = "hub" }, Ct);
        var seen = 0;
        await foreach (var msg in consumer.ConsumeAsync<string>(Quick, cancellationToken: Ct))
        {
            Assert.Equal((ulong)++seen, msg.Metadata.StreamSequence);
            await msg.AckAsync(cancellationToken: Ct);
            if (seen == 70)
            {
                await server.PublishAsync(50);
            }
            else if (seen == 120)
            {
                break;
            }
        }

        await server.Connection.PingAsync(Ct);
        await consumer.RefreshAsync(Ct);
        Assert.Equal(120UL, consumer.Info.AckFloor!.StreamSeq);
    }

    [Fact]
    public async Task Consume_outlives_idle_times_longer_than_its_pulls()
    {
        await using var server = await JetStreamServer.StartAsync();
        var stream = await server.CreateEventsAsync();
        var consumer = await stream.CreateOrUpdateConsumerAsync(new ConsumerConfig { Name = "hub" }, Ct);
        var opts = new NatsJSConsumeOpts { IdleHeartbeat = TimeSpan.FromMilliseconds(100), Expires = TimeSpan.FromMilliseconds(250), MaxMsgs = 10 };
        await using var messages = consumer.ConsumeAsync<string>(opts, cancellationToken: Ct).GetAsyncEnumerator(Ct);
        var next = messages.MoveNextAsync().AsTask();
        Assert.NotSame(next, await Task.WhenAny(next, Task.Delay(800, Ct)));
        await server.PublishAsync(1);
        Assert.True(await next.WaitAsync(TimeSpan.FromSeconds(5), Ct));
        Assert.Equal("0", messages.Current.Data);
    }

    [Fact]
    public async Task Consume_goes_on_over_a_killed_server_without_missing_a_message()
    {
        await using var server = await JetStreamServer.StartAsync();
        var stream = await server.CreateEventsAsync();
        await server.PublishAsync(100);
        var consumer = await stream.CreateOrUpdateConsumerAsync(new ConsumerConfig { Name = "hub", DurableName = "hub", AckWait = TimeSpan.FromSeconds(1) }, Ct);
        var seen = new HashSet<ulong>();
        await foreach (var msg in consumer.ConsumeAsync<string>(Quick, cancellationToken: Ct))
        {
            seen.Add(msg.Metadata.StreamSequence);
            if (seen.Count == 50)
            {
                await server.Process.RestartAsync(Ct);
                await server.Connection.WaitWritableAsync(Ct);
            }

            await msg.AckAsync(cancellationToken: Ct);
            if (seen.Count == 100)
            {
                break;
            }
        }

        Assert.Equal(100, seen.Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_consumer_deleted_while_consuming_ends_it_typed(bool whilePullWaits)
    {
        await using var server = await JetStreamServer.StartAsync();
        var stream = await server.CreateEventsAsync();
        await server.PublishAsync(1);
        var consumer = await stream.CreateOrUpdateConsumerAsync(new ConsumerConfig { Name = "hub" }, Ct);
        await using var messages = consumer.ConsumeAsync<string>(Quick with { MaxMsgs = whilePullWaits ? 20 : 1 }, cancellationToken: Ct).GetAsyncEnumerator(Ct);
        Assert.True(await messages.MoveNextAsync());

        // With one message asked for and delivered no pull waits at the server: it is deleted unseen.
        await consumer.DeleteAsync(Ct);
        var error = await Assert.ThrowsAsync<NatsJSConsumerDeletedException>(() => messages.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10), Ct));
        Assert.Equal(("EVT", "hub"), (error.Stream, error.Consumer));
        await Assert.ThrowsAsync<NatsJSApiException>(() => consumer.DeleteAsync(Ct).AsTask());
    }

    [Fact]
    public async Task A_slow_reader_never_holds_more_than_it_asked_for_and_loses_nothing()
    {
        await using var server = await JetStreamServer.StartAsync();
        var stream = await server.CreateEventsAsync();
        await server.PublishAsync(300);
        var consumer = await stream.CreateOrUpdateConsumerAsync(new ConsumerConfig { Name = "hub", MaxAckPending = 1000 }, Ct);
        var seen = 0;
        await foreach (var msg in consumer.ConsumeAsync<string>(Quick, cancellationToken: Ct))
        {
            if (++seen % 40 == 0)
            {
                await server.Connection.PingAsync(Ct);
                await consumer.RefreshAsync(Ct);
                Assert.InRange(consumer.Info.Delivered!.ConsumerSeq, (ulong)seen, (ulong)seen + 20);
            }

            if (seen == 300)
            {
                break;
            }
        }

        Assert.Equal(300, seen);
    }

    [Theory]
    [InlineData("$JS.ACK.EVT.hub.1.2.3.1700000000000000000.5", true)]
    [InlineData("$JS.ACK.domain.hash.EVT.hub.1.2.3.1700000000000000000.5.random", true)]
    [InlineData("$JS.ACK.EVT.hub.1.2.x.1700000000000000000.5", false)]
    [InlineData("$JS.ACK.EVT.hub.1.2.3.99999999999999999999.5", false)]
    [InlineData("$JS.ACK.EVT.hub.1.2.3", false)]
    [InlineData("_INBOX.x", false)]
    [InlineData(null, false)]
    public void Acknowledgement_subjects_are_read_in_both_forms(string? subject, bool valid)
    {
        Assert.Equal(valid, NatsJSMsgMetadata.TryParse(subject, out var metadata));
        if (valid)
        {
            Assert.Equal(("EVT", "hub", 2UL, 3UL, 5UL), (metadata.Stream, metadata.Consumer, metadata.StreamSequence, metadata.ConsumerSequence, metadata.NumPending));
        }
    }

    [Theory]
    [InlineData(404, "No Messages", (int)PullOutcome.PullAgain)]
    [InlineData(408, "Request Timeout", (int)PullOutcome.PullAgain)]
    [InlineData(409, "Message Size Exceeds MaxBytes", (int)PullOutcome.PullAgain)]
    [InlineData(409, "Consumer Deleted", (int)PullOutcome.ConsumerDeleted)]
    [InlineData(409, "Leadership Change", (int)PullOutcome.PullLater)]
    [InlineData(409, "Exceeded MaxWaiting", (int)PullOutcome.PullLater)]
    [InlineData(409, "Exceeded MaxRequestBatch of 5", (int)PullOutcome.Refused)]
    [InlineData(409, "Exceeded MaxRequestMaxBytes of 5", (int)PullOutcome.Refused)]
    [InlineData(400, "Bad Request", (int)PullOutcome.Refused)]
    [InlineData(503, "", (int)PullOutcome.PullLater)]
    public void Statuses_are_told_apart(int code, string text, int outcome) => Assert.Equal((PullOutcome)outcome, PullStatus.Read(code, text));

    [Fact]
    public async Task A_pull_beyond_the_consumers_limit_is_refused_typed()
    {
        await using var server = await JetStreamServer.StartAsync();
        var stream = await server.CreateEventsAsync();
        var consumer = await stream.CreateOrUpdateConsumerAsync(new ConsumerConfig { Name = "hub", MaxBatch = 5 }, Ct);
        var error = await Assert.ThrowsAsync<NatsJSPullException>(async () => await consumer.FetchAsync<string>(new NatsJSFetchOpts { MaxMsgs = 6 }, cancellationToken: Ct).ToListAsync(Ct));
        Assert.Equal(409, error.Code);
    }
}
