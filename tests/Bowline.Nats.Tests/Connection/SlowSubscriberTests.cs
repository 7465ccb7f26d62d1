using System.Threading.Channels;
using Bowline.Nats.Tests.Support;
using Bowline.Testing.NatsServers;

namespace Bowline.Nats.Tests.Connection;

public sealed class SlowSubscriberTests
{
    private const int Count = 600;
    private const int Size = 64 * 1024;
    private const int Capacity = 4;

    /// <summary>Told apart from every other timer of a connection by its odd length.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(47);

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_pause_shorter_than_the_write_deadline_loses_nothing()
    {
        await using var server = await NatsServerProcess.StartAsync(NatsServerOptions.Plain with { WriteDeadline = TimeSpan.FromSeconds(30) }, Ct);
        var clock = new PingClock(Interval);
        await using var subscriber = server.Connection(o => o with { PingInterval = Interval, TimeProvider = clock });
        await using var publisher = server.Connection();
        await using var sub = await subscriber.SubscribeCoreAsync<NatsMemoryOwner<byte>>("bulk", opts: new() { ChannelCapacity = Capacity }, cancellationToken: Ct);
        var publishing = PublishAllAsync(publisher);

        // Nothing is read for many ping intervals, which must not be taken for a dead server.
        await sub.Msgs.WaitToReadAsync(Ct);
        while (sub.Msgs.Count < Capacity)
        {
            await clock.NextAsync(1);
        }

        await clock.NextAsync(10);
        for (var i = 0; i < Count; i++)
        {
            using var data = (await sub.Msgs.ReadAsync(Ct)).Data;
            Assert.Equal(i, BitConverter.ToInt32(data.Span));
        }

        await publishing;
        Assert.Equal(NatsConnectionState.Open, subscriber.ConnectionState);
        Assert.False(sub.Msgs.Completion.IsCompleted);
    }

    [Fact]
    public async Task A_pause_longer_than_the_write_deadline_ends_with_the_typed_failure()
    {
        await using var server = await NatsServerProcess.StartAsync(NatsServerOptions.Plain with { WriteDeadline = TimeSpan.FromMilliseconds(200) }, Ct);
        await using var subscriber = server.Connection();
        await using var publisher = server.Connection();
        await using var other = await subscriber.SubscribeCoreAsync<string>("other", cancellationToken: Ct);
        await using var sub = await subscriber.SubscribeCoreAsync<NatsMemoryOwner<byte>>("bulk", opts: new() { ChannelCapacity = Capacity }, cancellationToken: Ct);
        var events = new Collector(subscriber);
        await PublishAllAsync(publisher);
        await server.WaitForLogAsync("Slow Consumer", Limit, Ct);

        var failure = await Assert.ThrowsAsync<NatsSlowConsumerException>(async () =>
        {
            var expected = 0;
            await foreach (var msg in sub.Msgs.ReadAllAsync(Ct))
            {
                using var data = msg.Data;
                Assert.Equal(expected++, BitConverter.ToInt32(data.Span));
            }
        });

        Assert.Contains("bulk", failure.Message, StringComparison.Ordinal);
        await events.NextAsync("opened", Ct);
        await subscriber.PingAsync(Ct);
        await publisher.PublishAsync("other", "still here", cancellationToken: Ct);
        Assert.Equal("still here", (await other.Msgs.ReadAsync(Ct)).Data);
    }

    [Fact]
    public async Task An_ordinary_loss_of_the_server_does_not_end_a_subscription()
    {
        await using var server = await NatsServerProcess.StartAsync(cancellationToken: Ct);
        await using var connection = server.Connection();
        await using var sub = await connection.SubscribeCoreAsync<string>("x", opts: new() { ChannelCapacity = 1 }, cancellationToken: Ct);
        var events = new Collector(connection);
        for (var i = 0; i < 10; i++)
        {
            await connection.PublishAsync("x", $"{i}", cancellationToken: Ct);
        }

        for (var i = 0; i < 10; i++)
        {
            Assert.Equal($"{i}", (await sub.Msgs.ReadAsync(Ct)).Data);
        }

        await connection.PingAsync(Ct);
        await server.RestartAsync(Ct);
        await events.NextAsync("disconnected", Ct);
        await events.NextAsync("opened", Ct);
        await connection.PublishAsync("x", "after", cancellationToken: Ct);
        Assert.Equal("after", (await sub.Msgs.ReadAsync(Ct)).Data);
    }

    private static async Task PublishAllAsync(NatsConnection publisher)
    {
        for (var i = 0; i < Count; i++)
        {
            var bytes = new byte[Size];
            BitConverter.TryWriteBytes(bytes, i);
            await publisher.PublishAsync("bulk", bytes, cancellationToken: Ct);
        }

        await publisher.PingAsync(Ct);
    }

    /// <summary>Tells of each ping interval that a connection begins.</summary>
    private sealed class PingClock(TimeSpan interval) : TimeProvider
    {
        private readonly Channel<bool> _begun = Channel.CreateBounded<bool>(new BoundedChannelOptions(1000) { FullMode = BoundedChannelFullMode.DropOldest });

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime == interval)
            {
                _begun.Writer.TryWrite(true);
            }

            return base.CreateTimer(callback, state, dueTime, period);
        }

        public async Task NextAsync(int count)
        {
            for (var i = 0; i < count; i++)
            {
                await _begun.Reader.ReadAsync(Ct);
            }
        }
    }
}
