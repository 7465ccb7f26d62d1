using Bowline.Bench.Load.Running;

namespace Bowline.Bench.Load.Relays;

/// <summary>Numbers that only relays have.</summary>
internal static class RelayMetrics
{
    public static readonly Metric EventsPerSecond = new("rate", "events/s", HigherIsBetter: true);
    public static readonly Metric Last = new("last p50", "us", HigherIsBetter: false);
    public static readonly Metric Memory = new("anonymous", "KiB", HigherIsBetter: false);
    public static readonly Metric Rss = new("whole process", "MiB", HigherIsBetter: false);
}
