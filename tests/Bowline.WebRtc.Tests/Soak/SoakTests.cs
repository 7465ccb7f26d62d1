using System.Diagnostics;
using System.Globalization;

namespace Bowline.WebRtc.Tests.Soak;

/// <summary>Connections that live for an hour on a machine that is busy (<c>make soak</c>; BOWLINE_SOAK_MINUTES, _HOGS and _LINES change it).</summary>
public sealed class SoakTests(ITestOutputHelper output)
{
    private const int MeasuredAt = 5; // Minutes: by then everything has been used once.
    private static readonly TimeSpan Stall = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestStall = TimeSpan.FromMinutes(5);

    [Fact(Explicit = true)]
    public async Task Nothing_stalls_breaks_or_grows_under_load()
    {
        var minutes = Number("BOWLINE_SOAK_MINUTES", 60);
        await using var hogs = new CpuHogs(Number("BOWLINE_SOAK_HOGS", 8));
        SoakTraffic[] traffics = [.. SoakTraffic.All.Where(static traffic => Environment.GetEnvironmentVariable("BOWLINE_SOAK_LINES") is not { } only || only.Split(',').Contains(traffic.Name, StringComparer.Ordinal))];
        Assert.NotEmpty(traffics);
        Assert.InRange(minutes, 1, int.MaxValue);
        var lines = await Task.WhenAll(traffics.Select(SoakLine.StartAsync));
        var stalls = new List<string>();
        var clock = Stopwatch.StartNew();
        SoakUse? early = null;
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

            early = minute == MeasuredAt ? await SoakUse.MeasureAsync() : early;
            output.WriteLine($"{minute} min: {Environment.WorkingSet >> 20} MiB, {Directory.GetFiles("/proc/self/fd").Length} descriptors");
        }

        var late = await SoakUse.MeasureAsync(); // With the connections still alive: what each of them piles up is what counts.
        output.WriteLine($"after a collection: at {MeasuredAt} min {early}, at the end {late}");
        foreach (var line in lines)
        {
            await line.DisposeAsync();
        }

        Assert.Empty(stalls);
        if (early is not null)
        {
            Assert.InRange(late.Mebibytes, 0, early.Mebibytes + 16);
            Assert.InRange(late.Descriptors, 0, early.Descriptors + 16);
            Assert.InRange(late.Threads, 0, early.Threads + 8);
        }
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
                while (line.Silence > Stall && !line.Failure.IsCompleted)
                {
                    Assert.InRange(line.Silence, TimeSpan.Zero, LongestStall);
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

    private static int Number(string variable, int otherwise) => Environment.GetEnvironmentVariable(variable) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
