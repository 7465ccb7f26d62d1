using Bowline.Bench.Load.Running;

namespace Bowline.Bench.Load.Peers;

/// <summary>A hundred connections in one process, each to another of them: what they hold and use when idle, before and after each has moved 4 MiB.</summary>
internal sealed class PeerLoad(PeerSide side, BenchOptions options) : IScenario
{
    public const string Name = "peers 100 connections in one process";
    public static readonly Metric Idle = new("per connection", "KiB", HigherIsBetter: false);
    public static readonly Metric AfterBulk = new("after bulk", "KiB", HigherIsBetter: false);
    public static readonly Metric Cpu = new("CPU idle", "%", HigherIsBetter: false);
    public static readonly Metric CpuAfterBulk = new("CPU idle after bulk", "%", HigherIsBetter: false);
    public static readonly Metric Threads = new("threads", "", HigherIsBetter: false);

    private const int Pairs = 50;
    private const int Warm = 2;
    private const int Messages = 64;
    private const int Size = 64 * 1024;

    private TimeSpan Rest => TimeSpan.FromSeconds(options.Quick ? 3 : 10);

    public string Figure => Name;

    public string Side => side.Name;

    public Task PrepareAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task<Measurement> RoundAsync(CancellationToken cancellationToken)
    {
        // A new process: memory that earlier connections left free would be used again and not be seen.
        await using var warm = await side.StartAsync("127.0.0.1", [], cancellationToken);
        await warm.AskAsync($"load {Warm}", "loaded", cancellationToken);
        await warm.AskAsync($"bulk {Messages} {Size}", "moved", cancellationToken); // What a process takes once, such as the budget of its collector, is not counted.
        await Task.Delay(Rest, cancellationToken);
        var before = warm.Process.Rss;
        await warm.AskAsync($"load {Pairs}", "loaded", cancellationToken);
        var (idle, cpu) = await RestAsync(warm, before, cancellationToken);
        await warm.AskAsync($"bulk {Messages} {Size}", "moved", cancellationToken);
        var (bulk, cpuBulk) = await RestAsync(warm, before, cancellationToken);
        var threads = Directory.GetDirectories($"/proc/{warm.Process.Pid}/task").Length;
        return new Measurement(new(Idle, idle), new(AfterBulk, bulk), new(Cpu, cpu), new(CpuAfterBulk, cpuBulk), new(Threads, threads));
    }

    public ValueTask DisposeAsync() => default;

    private async Task<(double Memory, double Cpu)> RestAsync(PeerEnd end, long before, CancellationToken cancellationToken)
    {
        await Task.Delay(Rest, cancellationToken); // What is kept for a while is given back.
        var used = end.Process.Cpu;
        await Task.Delay(Rest, cancellationToken);
        return ((end.Process.Rss - before) / 1024.0 / (2 * Pairs), (end.Process.Cpu - used) / Rest * 100);
    }
}
