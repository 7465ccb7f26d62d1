using System.Diagnostics;
using Bowline.Bench.Load.Processes;
using Bowline.Bench.Load.Running;

namespace Bowline.Bench.Load.Scenarios;

/// <summary>Closed loops, one request outstanding each, for one slice of time; latency of each request is kept.</summary>
internal sealed class RequestLoop(int concurrency, TimeSpan slice, CpuMeter cpu)
{
    private const int Capacity = 1 << 20;

    private readonly double[][] _micros = [.. Enumerable.Range(0, concurrency).Select(_ => new double[Capacity / concurrency])];
    private readonly int[] _counts = new int[concurrency];

    /// <summary>Sorted latencies of the last run, in microseconds.</summary>
    public double[] Latencies { get; private set; } = [];

    public async Task<Measurement> RunAsync(Func<CancellationToken, ValueTask> request, CancellationToken cancellationToken)
    {
        var (operations, seconds, allocated, cpuPerOperation) = await TimeAsync(request, cancellationToken);
        return new Measurement([
            new Reading(Metric.RequestsPerSecond, operations / seconds),
            new Reading(Metric.P50, Statistics.Percentile(Latencies, 0.50)),
            new Reading(Metric.P99, Statistics.Percentile(Latencies, 0.99)),
            new Reading(Metric.Allocated, allocated / operations),
            .. cpuPerOperation,
        ]);
    }

    private async Task<(double Operations, double Seconds, double Allocated, IEnumerable<Reading> Cpu)> TimeAsync(
        Func<CancellationToken, ValueTask> request, CancellationToken cancellationToken)
    {
        var cpuAfter = cpu.Start();
        var allocatedBefore = GC.GetTotalAllocatedBytes(precise: true);
        var clock = Stopwatch.StartNew();
        var workers = Enumerable.Range(0, concurrency).Select(i => Task.Run(() => WorkAsync(i), cancellationToken)).ToArray();
        await Task.WhenAll(workers);
        var seconds = clock.Elapsed.TotalSeconds;
        var allocated = GC.GetTotalAllocatedBytes(precise: true) - allocatedBefore;
        double operations = _counts.Sum();
        var cpuReadings = cpuAfter(operations);
        Latencies = [.. _micros.Zip(_counts, (m, n) => m.Take(n)).SelectMany(m => m).Order()];
        return (operations, seconds, allocated, cpuReadings);

        async Task WorkAsync(int worker)
        {
            var micros = _micros[worker];
            var count = 0;
            var end = Stopwatch.GetTimestamp() + (long)(slice.TotalSeconds * Stopwatch.Frequency);
            for (var now = Stopwatch.GetTimestamp(); now < end && count < micros.Length;)
            {
                await request(cancellationToken);
                var after = Stopwatch.GetTimestamp();
                micros[count++] = (after - now) * 1e6 / Stopwatch.Frequency;
                now = after;
            }

            _counts[worker] = count;
        }
    }
}
