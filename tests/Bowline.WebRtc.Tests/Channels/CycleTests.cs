using System.Diagnostics;
using Bowline.WebRtc.Tests.Peers;

namespace Bowline.WebRtc.Tests.Channels;

/// <summary>Connections come and go: what they took is given back. Measures the whole process, so nothing runs beside it.</summary>
[Collection(nameof(CycleTests))]
[CollectionDefinition(nameof(CycleTests), DisableParallelization = true)]
public sealed class CycleTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(60)]
    [InlineData(500, Explicit = true)]
    public async Task Descriptors_threads_and_memory_stay_flat_over_many_connections(int cycles)
    {
        for (var warm = 0; warm < 100; warm++)
        {
            await CycleAsync();
        }

        var before = Measure();
        for (var i = 0; i < cycles; i++)
        {
            await CycleAsync();
        }

        output.WriteLine($"{Measure()}");
        await ChannelTests.WaitUntilAsync(() => Measure().Descriptors <= before.Descriptors + 10);
        var after = Measure();
        output.WriteLine($"before {before}, after {cycles} cycles {after}");
        Assert.InRange(after.Threads, 0, before.Threads + 8);
        Assert.InRange(after.Mebibytes, 0, before.Mebibytes + 12); // A connection holds 187 KiB: 60 pairs that are kept are 22 MiB.
    }

    [Fact]
    public async Task Connections_at_once_share_the_threads_of_the_first()
    {
        await CycleAsync();
        var before = Measure();
        var pairs = new List<PeerPair>();
        for (var i = 0; i < 30; i++)
        {
            pairs.Add((await PeerPair.ConnectAsync()).Pair);
        }

        var during = Measure();
        output.WriteLine($"before {before}, with {pairs.Count} pairs {during}");
        foreach (var pair in pairs)
        {
            await pair.DisposeAsync();
        }

        Assert.InRange(during.Descriptors, before.Descriptors + pairs.Count, int.MaxValue);
        Assert.InRange(during.Threads, 0, before.Threads + 8); // The pool's may come and go.
    }

    private static async Task CycleAsync()
    {
        var (pair, left, right) = await PeerPair.ConnectAsync();
        await using var _ = pair;
        await right.SendTextAsync("hello");
        await using var messages = left.ReadAllAsync().GetAsyncEnumerator();
        (await EchoTests.NextAsync(messages)).Dispose();
    }

    private static (int Descriptors, int Threads, long Mebibytes) Measure()
    {
        GC.Collect();
        using var process = Process.GetCurrentProcess();
        return (Directory.GetFiles("/proc/self/fd").Length, process.Threads.Count, process.WorkingSet64 >> 20);
    }
}
