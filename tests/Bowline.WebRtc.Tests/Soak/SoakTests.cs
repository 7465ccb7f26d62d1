using System.Diagnostics;
using System.Globalization;

namespace Bowline.WebRtc.Tests.Soak;

/// <summary>Connections that live for an hour on a machine that is busy (<c>make soak</c>; BOWLINE_SOAK_MINUTES, _HOGS and _LINES change it).</summary>
public sealed class SoakTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Stall = TimeSpan.FromSeconds(5);

    [Fact(Explicit = true)]
    public async Task Nothing_stalls_breaks_or_grows_under_load()
    {
        var minutes = Number("BOWLINE_SOAK_MINUTES", 60);
        await using var hogs = new CpuHogs(Number("BOWLINE_SOAK_HOGS", 8));
        SoakTraffic[] traffics = [.. SoakTraffic.All.Where(static traffic => Environment.GetEnvironmentVariable("BOWLINE_SOAK_LINES") is not { } only || only.Split(',').Contains(traffic.Name, StringComparer.Ordinal))];
        var lines = await Task.WhenAll(traffics.Select(SoakLine.StartAsync));
        var stalls = new List<string>();
        var clock = Stopwatch.StartNew();
        long early = 0;
        for (var minute = 1; minute <= minutes; minute++)
        {
            while (clock.Elapsed < TimeSpan.FromMinutes(minute))
            {
                await WatchAsync(lines, stalls);
            }

            foreach (var (line, traffic) in lines.Zip(traffics))
            {
                Report(minute, line);
                if (traffic.IsRestarting)
                {
                    line.Connection.RestartIce();
                    await line.NegotiateAsync();
                }
            }

            early = minute == 5 ? Memory() : early;
            output.WriteLine($"{minute} min: {Environment.WorkingSet >> 20} MiB, {Directory.GetFiles("/proc/self/fd").Length} descriptors");
        }

        foreach (var line in lines)
        {
            await line.DisposeAsync();
        }

        var late = Memory();
        output.WriteLine($"after a collection: {early >> 20} MiB at 5 min, {late >> 20} MiB at the end");
        Assert.Empty(stalls);
        Assert.InRange(late, 0, early == 0 ? long.MaxValue : early + 32 * 1024 * 1024);
    }

    /// <summary>What is held once the collector has given back what it can: its own appetite is no leak.</summary>
    private static long Memory()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return Environment.WorkingSet;
    }

    private async Task WatchAsync(SoakLine[] lines, List<string> stalls)
    {
        foreach (var line in lines)
        {
            if (line.Failure.IsCompleted)
            {
                await line.Failure;
            }

            if (line.Silence is var silence && silence > Stall)
            {
                var kept = await SoakEvidence.KeepAsync(line, silence);
                stalls.Add($"{line.Name} {silence.TotalSeconds:0.0} s: {kept}");
                output.WriteLine($"STALL {stalls[^1]}");
                while (line.Silence > Stall)
                {
                    await Task.Delay(100);
                }
            }
        }

        await Task.Delay(100);
    }

    private void Report(int minute, SoakLine line)
    {
        var trips = line.TakeRoundTrips();
        var statistics = line.Connection.GetStatistics();
        var times = trips.Length == 0 ? "none" : string.Create(CultureInfo.InvariantCulture, $"{trips.Length} in the minute, p50 {trips[trips.Length / 2]:0.0} p99 {trips[trips.Length * 99 / 100]:0.0} max {trips[^1]:0.0} ms");
        output.WriteLine($"{minute} min {line.Name}: {times}, {line.Received} in all, {statistics.Retransmits} chunks again, {line.Connection.Status.State}");
    }

    private static int Number(string variable, int otherwise) => int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var value) ? value : otherwise;
}
