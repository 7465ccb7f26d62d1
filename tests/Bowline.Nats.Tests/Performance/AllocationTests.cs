using Bowline.Nats.Tests.Support;
using Bowline.Testing.NatsServers;

namespace Bowline.Nats.Tests.Performance;

/// <summary>No garbage per message. Alone in their collection, because the whole process's allocations are counted.</summary>
[Collection(nameof(AllocationTests))]
public sealed class AllocationTests
{
    private const int Count = 100_000;

    /// <summary>Bytes per message for what the runtime and the test itself allocate meanwhile; the smallest object is 24.</summary>
    private const double Tolerance = 4;

    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(16)]
    [InlineData(1024)]
    public async Task Publishing_and_receiving_raw_allocate_nothing_per_message(int size)
    {
        await using var server = await NatsServerProcess.StartAsync(cancellationToken: Ct);
        await using var publisher = server.Connection();
        await using var subscriber = server.Connection();
        var sub = new CountingSub();
        await subscriber.AddSubAsync(sub, Ct);
        ReadOnlyMemory<byte> payload = new byte[size];
        // Buffers grow to their size in some round; garbage of each message would be seen in every round.
        var least = double.MaxValue;
        for (var round = 1; round <= 5; round++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            await PublishAsync(publisher, payload);
            await sub.ReachedAsync(round * Count);
            least = Math.Min(least, (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)Count);
        }

        Assert.InRange(least, 0, Tolerance);
    }

    [Fact]
    public async Task Requests_allocate_nothing_per_message()
    {
        await using var server = await NatsServerProcess.StartAsync(cancellationToken: Ct);
        await using var connection = server.Connection();
        await connection.AddSubAsync(new EchoSub(connection), Ct);
        ReadOnlyMemory<byte> payload = new byte[16];
        await RequestAsync(2000);

        var before = GC.GetTotalAllocatedBytes(precise: true);
        await RequestAsync(20_000);
        var each = (GC.GetTotalAllocatedBytes(precise: true) - before) / 20_000.0;

        Assert.InRange(each, 0, Tolerance);

        async Task RequestAsync(int count)
        {
            for (var i = 0; i < count; i++)
            {
                var answer = await connection.RequestAsync<ReadOnlyMemory<byte>, NatsMemoryOwner<byte>>("echo", payload, cancellationToken: Ct);
                answer.Data.Dispose();
            }
        }
    }

    [Fact]
    public async Task A_span_is_published_without_allocating_on_the_publishing_thread()
    {
        await using var server = await NatsServerProcess.StartAsync(cancellationToken: Ct);
        await using var connection = server.Connection();
        await connection.ConnectAsync(Ct);
        var payload = new byte[100];
        var least = long.MaxValue;
        for (var round = 0; round < 5; round++)
        {
            var (published, allocated) = await Task.Run(
                () =>
                {
                    var before = GC.GetAllocatedBytesForCurrentThread();
                    return (TryPublish(2000), GC.GetAllocatedBytesForCurrentThread() - before);
                },
                Ct);
            Assert.Equal(2000, published);
            least = Math.Min(least, allocated);
            await connection.PingAsync(Ct);
        }

        Assert.InRange(least, 0, 1024);

        int TryPublish(int count)
        {
            var done = 0;
            for (var i = 0; i < count; i++)
            {
                done += connection.TryPublish("span"u8, default, payload, payload) ? 1 : 0;
            }

            return done;
        }
    }

    private static async Task PublishAsync(NatsConnection connection, ReadOnlyMemory<byte> payload)
    {
        for (var i = 0; i < Count; i++)
        {
            await connection.PublishAsync("count", payload);
        }
    }

    private sealed class CountingSub() : NatsSubBase("count", null)
    {
        private readonly Lock _gate = new();
        private TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _count;
        private int _target = int.MaxValue;

        public Task ReachedAsync(int target)
        {
            lock (_gate)
            {
                if (_count >= target)
                {
                    return Task.CompletedTask;
                }

                _target = target;
                _reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                return _reached.Task;
            }
        }

        protected internal override void Receive(in NatsRawMsg msg)
        {
            lock (_gate)
            {
                if (++_count == _target)
                {
                    _reached.SetResult();
                }
            }
        }
    }
}
