using Bowline.Nats.JetStream;

namespace Bowline.Nats.Tests.JetStream;

public sealed class NatsJSOrderedConsumerTests
{
    private static readonly NatsJSOrderedConsumerOpts Quick = new()
    {
        Consume = new NatsJSConsumeOpts { IdleHeartbeat = TimeSpan.FromMilliseconds(200), Expires = TimeSpan.FromSeconds(2), MaxMsgs = 20 },
    };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_delivers_in_order_and_removes_its_consumer()
    {
        await using var server = await JetStreamServer.StartAsync();
        var stream = await server.CreateEventsAsync();
        await server.PublishAsync(200);
        var ordered = server.Js.CreateOrderedConsumer("EVT", Quick with { DeliverPolicy = ConsumerConfigDeliverPolicy.ByStartSequence, OptStartSeq = 11 });
        var next = 11UL;
        await foreach (var msg in ordered.ConsumeAsync<string>(cancellationToken: Ct))
        {
            Assert.Equal(next, msg.Metadata.StreamSequence);
            if (next++ == 200)
            {
                break;
            }
        }

        Assert.Equal(1, ordered.Generation);
        await server.Connection.PingAsync(Ct);
        await stream.RefreshAsync(Ct);
        Assert.Equal(0, stream.Info.State!.ConsumerCount);
    }

    [Fact]
    public async Task It_goes_on_at_the_next_message_after_a_killed_server()
    {
        await using var server = await JetStreamServer.StartAsync();
        await server.CreateEventsAsync();
        await server.PublishAsync(100);
        var ordered = server.Js.CreateOrderedConsumer("EVT", Quick);
        var next = 1UL;
        await foreach (var msg in ordered.ConsumeAsync<string>(cancellationToken: Ct))
        {
            Assert.Equal(next, msg.Metadata.StreamSequence);
            if (next == 30)
            {
                await server.Process.RestartAsync(Ct);
            }

            if (next++ == 100)
            {
                break;
            }
        }

        Assert.True(ordered.Generation > 1);
    }

    [Fact]
    public async Task It_starts_again_when_its_consumer_vanishes()
    {
        await using var server = await JetStreamServer.StartAsync();
        await server.CreateEventsAsync();
        await server.PublishAsync(5);
        var ordered = server.Js.CreateOrderedConsumer("EVT", Quick);
        var next = 1UL;
        await foreach (var msg in ordered.ConsumeAsync<string>(cancellationToken: Ct))
        {
            Assert.Equal(next, msg.Metadata.StreamSequence);
            if (next == 5)
            {
                await server.Js.DeleteConsumerAsync("EVT", ordered.Current!.Name!, Ct);
                await server.PublishAsync(5);
            }

            if (next++ == 10)
            {
                break;
            }
        }

        Assert.Equal(2, ordered.Generation);
    }

    [Fact]
    public async Task New_means_new_since_the_start_also_after_a_loss()
    {
        await using var server = await JetStreamServer.StartAsync();
        await server.CreateEventsAsync();
        await server.PublishAsync(5);
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var ordered = new NatsJSOrderedConsumer(server.Js, "EVT", Quick with { DeliverPolicy = ConsumerConfigDeliverPolicy.New }) { Started = _ => started.SetResult() };
        var first = FirstOfAsync(ordered);
        Assert.Same(started.Task, await Task.WhenAny(started.Task, first));
        await server.Process.KillAsync(Ct);
        await server.Process.RestartAsync(Ct);
        await using var other = await server.ConnectAsync();
        await new NatsJSContext(other).PublishAsync("evt.a", "new", cancellationToken: Ct);
        var message = await first.WaitAsync(TimeSpan.FromSeconds(30), Ct);
        Assert.Equal(("new", 6UL), (message.Data, message.Metadata.StreamSequence));
    }

    [Fact]
    public async Task A_stream_that_does_not_exist_is_an_error()
    {
        await using var server = await JetStreamServer.StartAsync();
        await using var messages = server.Js.CreateOrderedConsumer("NONE").ConsumeAsync<string>(cancellationToken: Ct).GetAsyncEnumerator(Ct);
        var error = await Assert.ThrowsAsync<NatsJSApiException>(() => messages.MoveNextAsync().AsTask());
        Assert.Equal(NatsJSErrorCode.StreamNotFound, error.Error.ErrCode);
    }

    private static async Task<NatsJSMsg<string>> FirstOfAsync(NatsJSOrderedConsumer ordered)
    {
        await foreach (var message in ordered.ConsumeAsync<string>(cancellationToken: Ct))
        {
            return message;
        }

        throw new InvalidOperationException("the messages ended");
    }
}
