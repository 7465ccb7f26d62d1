using System.Diagnostics;
using Bowline.Bench.Load.Processes;
using Bowline.Bench.Load.Running;

namespace Bowline.Bench.Load.Scenarios;

/// <summary>A fixed amount of work, timed: rate, bytes allocated and CPU time per operation.</summary>
internal static class CountedWork
{
    public static async Task<Measurement> TimeAsync(Metric rate, double operations, CpuMeter cpu, Func<Task> work)
    {
        var cpuAfter = cpu.Start();
        var allocatedBefore = GC.GetTotalAllocatedBytes(precise: true);
        var clock = Stopwatch.StartNew();
        await work();
        var seconds = clock.Elapsed.TotalSeconds;
        var allocated = GC.GetTotalAllocatedBytes(precise: true) - allocatedBefore;
        var cpuReadings = cpuAfter(operations);
        return new Measurement([new Reading(rate, operations / seconds), new Reading(Metric.Allocated, allocated / operations), .. cpuReadings]);
    }
}
