using System.Collections.Concurrent;
using System.Text;
using Bowline.Nats.JetStream;

namespace Bowline.Nats.Tests.JetStream;

public sealed class NatsJSPublisherTests
{
    private static readonly byte[] Body = Encoding.UTF8.GetBytes("hello");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Many_messages_in_flight_are_stored_in_order()
    {
        await using var server = await JetStreamServer.StartAsync();
        var stream = await server.CreateEventsAsync();
        var results = new ConcurrentQueue<NatsJSPublishResult>();
        await using var publisher = await server.Js.CreatePublisherAsync(new NatsJSPublisherOpts { OnResult = results.Enqueue }, Ct);
        for (var i = 0; i < 5_000; i++)
        {
            Assert.Equal(i, await publisher.PublishAsync("evt.a", Encoding.UTF8.GetBytes($"{i}"), cancellationToken: Ct));
            Assert.InRange(publisher.Published - publisher.Confirmed, 0, 256);
        }

        await publisher.FlushAsync(Ct);
        Assert.Equal((5_000L, 5_000L), (publisher.Published, publisher.Confirmed));
        await stream.RefreshAsync(Ct);
        Assert.Equal(5_000, stream.Info.State!.Messages);
        Assert.Equal(5_000, results.Count);
        Assert.All(results, r => Assert.True(r.Error is null && r.Sequence == (ulong)r.Index + 1));
        Assert.Equal("4321", Encoding.UTF8.GetString((await stream.GetAsync(4322, Ct))!.Data));
    }

    [Fact]
    public async Task Ids_sent_again_are_reported_as_duplicates_and_headers_arrive()
    {
        await using var server = await JetStreamServer.StartAsync();
        var stream = await server.CreateEventsAsync();
        var results = new ConcurrentQueue<NatsJSPublishResult>();
        await using var publisher = await server.Js.CreatePublisherAsync(new NatsJSPublisherOpts { Window = 8, OnResult = results.Enqueue }, Ct);
        for (var i = 0; i < 100; i++)
        {
            await publisher.PublishAsync("evt.a", Body, $"id-{i % 50}", new NatsHeaders { { "X", "y" } }, Ct);
        }

        await publisher.FlushAsync(Ct);
        Assert.Equal(50, results.Count(r => r.Duplicate));
        await stream.RefreshAsync(Ct);
        Assert.Equal(50, stream.Info.State!.Messages);
        var stored = await stream.GetAsync(1, Ct);
        Assert.Equal(("y", "id-0"), (stored!.Headers!["X"], stored.Headers["Nats-Msg-Id"]));
    }

    [Fact]
    public async Task A_missing_stream_fails_the_publisher_with_the_message_that_failed()
    {
        await using var server = await JetStreamServer.StartAsync();
        await using var publisher = await server.Js.CreatePublisherAsync(cancellationToken: Ct);
        await publisher.PublishAsync("none.a", Body, cancellationToken: Ct);
        var error = await Assert.ThrowsAsync<NatsJSPublishFailedException>(() => publisher.FlushAsync(Ct).AsTask());
        Assert.Equal(0, error.Index);
        Assert.IsType<NatsJSNoStreamException>(error.InnerException);
        await Assert.ThrowsAsync<NatsJSPublishFailedException>(() => publisher.PublishAsync("none.a", Body, cancellationToken: Ct).AsTask());
    }

    [Fact]
    public async Task Refused_messages_are_told_one_by_one_when_somebody_listens()
    {
        await using var server = await JetStreamServer.StartAsync();
        await server.Js.CreateStreamAsync(new StreamConfig { Name = "EVT", Subjects = ["evt.>"], MaxMsgSize = 100 }, Ct);
        var results = new ConcurrentQueue<NatsJSPublishResult>();
        await using var publisher = await server.Js.CreatePublisherAsync(new NatsJSPublisherOpts { OnResult = results.Enqueue }, Ct);
        await publisher.PublishAsync("evt.a", Body, cancellationToken: Ct);
        await publisher.PublishAsync("evt.a", new byte[200], cancellationToken: Ct);
        await publisher.PublishAsync("evt.a", Body, cancellationToken: Ct);
        await publisher.FlushAsync(Ct);
        var sorted = results.OrderBy(r => r.Index).ToList();
        Assert.Null(sorted[0].Error);
        Assert.IsType<NatsJSApiException>(sorted[1].Error);
        Assert.Null(sorted[2].Error);
    }

    [Fact]
    public async Task A_message_over_the_servers_limit_is_refused_without_harm_to_the_others()
    {
        await using var server = await JetStreamServer.StartAsync();
        await server.CreateEventsAsync();
        await using var publisher = await server.Js.CreatePublisherAsync(cancellationToken: Ct);
        await Assert.ThrowsAsync<NatsPayloadTooLargeException>(() => publisher.PublishAsync("evt.a", new byte[2 << 20], cancellationToken: Ct).AsTask());
        await Assert.ThrowsAsync<ArgumentException>(() => publisher.PublishAsync("evt.*", Body, cancellationToken: Ct).AsTask());
        await Assert.ThrowsAsync<ArgumentException>(() => publisher.PublishAsync("evt.a", Body, "a\r\nb", cancellationToken: Ct).AsTask());
        await publisher.PublishAsync("evt.a", Body, cancellationToken: Ct);
        await publisher.FlushAsync(Ct);
        Assert.Equal(1, publisher.Confirmed);
    }

    [Fact]
    public async Task Messages_larger_than_the_write_buffer_together_wait_for_room()
    {
        await using var server = await JetStreamServer.StartAsync();
        var stream = await server.CreateEventsAsync();
        await using var publisher = await server.Js.CreatePublisherAsync(cancellationToken: Ct);
        for (var i = 0; i < 300; i++)
        {
            await publisher.PublishAsync("evt.a", new byte[64 * 1024], $"big-{i}", cancellationToken: Ct);
        }

        await publisher.FlushAsync(Ct);
        await stream.RefreshAsync(Ct);
        Assert.Equal(300, stream.Info.State!.Messages);
    }

    [Fact]
    public async Task Without_ids_a_lost_connection_makes_the_outcome_unknown()
    {
        await using var server = await JetStreamServer.StartAsync();
        await server.CreateEventsAsync();
        await using var publisher = await server.Js.CreatePublisherAsync(cancellationToken: Ct);
        server.Process.Freeze();
        await publisher.PublishAsync("evt.a", Body, cancellationToken: Ct);
        await server.Process.KillAsync(Ct);
        var error = await Assert.ThrowsAsync<NatsJSPublishFailedException>(() => publisher.FlushAsync(Ct).AsTask());
        Assert.IsType<NatsJSAckLostException>(error.InnerException);
    }

    [Fact]
    public async Task A_confirmation_that_does_not_come_is_reported_in_time()
    {
        await using var server = await JetStreamServer.StartAsync();
        await server.CreateEventsAsync();
        await using var publisher = await server.Js.CreatePublisherAsync(new NatsJSPublisherOpts { AckTimeout = TimeSpan.FromMilliseconds(100), MaxAttempts = 2 }, Ct);
        await using var silent = await server.Connection.SubscribeCoreAsync<string>("silent.a", cancellationToken: Ct);
        await publisher.PublishAsync("silent.a", Body, "id", cancellationToken: Ct);
        var error = await Assert.ThrowsAsync<NatsJSPublishFailedException>(() => publisher.FlushAsync(Ct).AsTask());
        Assert.Equal("id", Assert.IsType<NatsJSAckLostException>(error.InnerException).MsgId);
        await silent.Msgs.ReadAsync(Ct); // It was sent twice.
        await silent.Msgs.ReadAsync(Ct);
        Assert.False(silent.Msgs.TryRead(out _));
    }

    [Fact]
    public async Task With_ids_every_message_is_stored_exactly_once_in_order_over_killed_servers()
    {
        const int Count = 30_000;
        await using var server = await JetStreamServer.StartAsync();
        var stream = await server.CreateEventsAsync();
        var confirmed = new ConcurrentQueue<NatsJSPublishResult>();
        await using var publisher = await server.Js.CreatePublisherAsync(new NatsJSPublisherOpts { OnResult = confirmed.Enqueue }, Ct);
        for (var i = 0; i < Count; i++)
        {
            await publisher.PublishAsync("evt.a", Encoding.UTF8.GetBytes($"{i}"), $"id-{i}", cancellationToken: Ct);
            if (i is 8_000 or 20_000)
            {
                // In the middle of the window, with messages in flight both ways.
                await server.Process.RestartAsync(Ct);
            }
        }

        await publisher.FlushAsync(Ct);
        Assert.Equal(Count, confirmed.Count);
        Assert.All(confirmed, r => Assert.Null(r.Error));
        var next = 0;
        await foreach (var msg in server.Js.CreateOrderedConsumer("EVT").ConsumeAsync<string>(cancellationToken: Ct))
        {
            Assert.Equal($"{next}", msg.Data);
            if (++next == Count)
            {
                break;
            }
        }

        await stream.RefreshAsync(Ct);
        Assert.Equal(Count, stream.Info.State!.Messages);
    }
}
