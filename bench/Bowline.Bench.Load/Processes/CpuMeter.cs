using Bowline.Bench.Load.Running;

namespace Bowline.Bench.Load.Processes;

/// <summary>CPU time by role over a timed stretch, as microseconds per operation.</summary>
internal sealed class CpuMeter(params (string Role, Func<TimeSpan> Read)[] roles)
{
    /// <summary>The process this runs in.</summary>
    public static (string, Func<TimeSpan>) Self(string role = "client")
        => (role, () => Environment.CpuUsage.TotalTime);

    public static (string, Func<TimeSpan>) Of(string role, params ChildProcess[] processes)
        => (role, () => TimeSpan.FromTicks(processes.Sum(p => p.Cpu.Ticks)));

    public Func<double, IEnumerable<Reading>> Start()
    {
        // Our own clock is read last here and first below: reading /proc takes a millisecond of it.
        var before = new TimeSpan[roles.Length];
        for (var i = roles.Length - 1; i >= 0; i--)
        {
            before[i] = roles[i].Read();
        }

        return operations => roles.Select((r, i) =>
            new Reading(Metric.Cpu(r.Role), (r.Read() - before[i]).TotalMicroseconds / operations)).ToArray();
    }
}
