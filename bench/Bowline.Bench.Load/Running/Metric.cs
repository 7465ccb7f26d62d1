namespace Bowline.Bench.Load.Running;

/// <summary>What a number means and which way is better.</summary>
internal sealed record Metric(string Name, string Unit, bool HigherIsBetter)
{
    public static readonly Metric MessagesPerSecond = new("rate", "msg/s", HigherIsBetter: true);
    public static readonly Metric RequestsPerSecond = new("rate", "req/s", HigherIsBetter: true);
    public static readonly Metric Throughput = new("rate", "MiB/s", HigherIsBetter: true);
    public static readonly Metric P50 = new("p50", "us", HigherIsBetter: false);
    public static readonly Metric P99 = new("p99", "us", HigherIsBetter: false);
    public static readonly Metric IdleP99 = new("p99 idle", "us", HigherIsBetter: false);
    public static readonly Metric LoadedP99 = new("p99 loaded", "us", HigherIsBetter: false);
    public static readonly Metric LoadedOverIdle = new("loaded / idle", "x", HigherIsBetter: false);
    public static readonly Metric ClientHeap = new("client heap", "MiB", HigherIsBetter: false);
    public static readonly Metric ServerHeap = new("server heap", "MiB", HigherIsBetter: false);
    public static readonly Metric ClientRss = new("client RSS", "MiB", HigherIsBetter: false);
    public static readonly Metric ServerRss = new("server RSS", "MiB", HigherIsBetter: false);
    public static readonly Metric HelperRss = new("helper RSS", "MiB", HigherIsBetter: false);
    public static readonly Metric Allocated = new("allocated", "B/op", HigherIsBetter: false);

    /// <summary>CPU time of one role (client, server, helper) per operation.</summary>
    public static Metric Cpu(string role) => new($"cpu {role}", "us/op", HigherIsBetter: false);
}
