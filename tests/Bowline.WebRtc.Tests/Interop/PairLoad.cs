using System.Diagnostics;
using System.Globalization;
using Bowline.WebRtc.Tests.Peers;

namespace Bowline.WebRtc.Tests.Interop;

/// <summary>What many connections of one process cost: <c>--pair-load PAIRS</c> prints memory, threads and processor time when open, after bulk, and idle.</summary>
internal static class PairLoad
{
    private const int Bulk = 8 * 1024 * 1024;
    private const int Size = 64 * 1024;

    public static async Task<int> RunAsync(string[] args)
    {
        var count = int.Parse(args[0], CultureInfo.InvariantCulture);
        var (warm, _, _) = await PeerPair.ConnectAsync();
        await warm.DisposeAsync();
        GC.Collect();
        var before = Memory();
        var clock = Stopwatch.StartNew();
        var pairs = await Task.WhenAll(Enumerable.Range(0, count).Select(_ => PeerPair.ConnectAsync()));
        Print($"{count} pairs open after {clock.ElapsedMilliseconds} ms");
        await Task.Delay(8000);
        Report("idle", before, count);
        await CpuAsync();
        clock.Restart();
        await Task.WhenAll(pairs.Select(pair => BulkAsync(pair.Left, pair.Right)));
        Print($"bulk: {count * Bulk / 1024 / 1024} MiB in {clock.ElapsedMilliseconds} ms");
        Report("right after bulk", before, count);
        await Task.Delay(12_000);
        Report("idle after bulk", before, count);
        GC.Collect();
        Report("idle after bulk and a collection", before, count);
        await CpuAsync();
        foreach (var (pair, _, _) in pairs)
        {
            await pair.DisposeAsync();
        }

        Report("closed", before, count);
        return 0;
    }

    /// <summary><c>--cycle-load CYCLES</c>: connects and closes, over and over, and prints what the process holds every hundred times.</summary>
    public static async Task<int> CyclesAsync(string[] args)
    {
        for (var i = 0; i <= int.Parse(args[0], CultureInfo.InvariantCulture); i++)
        {
            if (i % 100 == 0)
            {
                GC.Collect();
                Report($"after {i} cycles", 0, 1);
            }

            var (pair, left, _) = await PeerPair.ConnectAsync();
            await left.SendTextAsync("hello");
            await pair.DisposeAsync();
        }

        await Task.Delay(8000);
        Report("at rest", 0, 1);
        return 0;
    }

    private static async Task BulkAsync(IDataChannel left, IDataChannel right)
    {
        var data = new byte[Size];
        var sending = Task.Run(async () =>
        {
            for (var i = 0; i < Bulk / Size; i++)
            {
                await left.SendAsync(data);
            }
        });
        var got = 0;
        await foreach (var message in right.ReadAllAsync())
        {
            message.Dispose();
            if (++got == Bulk / Size)
            {
                break;
            }
        }

        await sending;
    }

    private static async Task CpuAsync()
    {
        using var process = Process.GetCurrentProcess();
        var cpu = process.TotalProcessorTime;
        await Task.Delay(10_000);
        process.Refresh();
        Print($"idle processor: {(process.TotalProcessorTime - cpu).TotalSeconds * 10:F2} %");
    }

    private static long Memory()
    {
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }

    private static void Report(string when, long before, int count)
    {
        using var process = Process.GetCurrentProcess();
        var descriptors = Directory.GetFiles("/proc/self/fd").Length;
        Print($"{when}: {(process.WorkingSet64 - before) / 1024 / (2 * count)} KiB per connection, RSS {process.WorkingSet64 >> 20} MiB, managed {GC.GetTotalMemory(false) >> 20} MiB, {process.Threads.Count} threads, {descriptors} descriptors");
    }

    private static void Print(string line) => Console.Out.WriteLine(line);
}
