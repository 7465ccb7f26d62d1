using Bowline.Bench.Load.Processes;
using Bowline.Bench.Load.Running;

namespace Bowline.Bench.Load.Scenarios;

/// <summary>A real node linked to a real hub, with nothing to do but to be there.</summary>
internal sealed class IdleNode(BenchOptions options) : IScenario
{
    public const string Name = "product idle node";
    public static readonly Metric Cpu = new("CPU", "%", HigherIsBetter: false);
    public static readonly Metric Rss = new("RSS", "MiB", HigherIsBetter: false);

    private readonly TempFolder _home = new();
    private BowlineHub? _hub;
    private ChildProcess? _node;

    public string Figure => Name;

    public string Side => Sides.Node;

    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        _hub = await BowlineHub.StartAsync(options.BowlineProgram, cancellationToken);
        await _hub.JoinAsync(_home, cancellationToken);
        _node = await BowlineHub.StartAsync(_home, options.BowlineProgram, "node", "run");

        // The link is made and the start is compiled; what follows is idling.
        await Task.Delay(TimeSpan.FromSeconds(options.Quick ? 3 : 8), cancellationToken);
    }

    public async Task<Measurement> RoundAsync(CancellationToken cancellationToken)
    {
        var time = TimeSpan.FromSeconds(options.Quick ? 2 : 6);
        var before = _node!.Cpu;
        await Task.Delay(time, cancellationToken);
        return new Measurement(
            new Reading(Rss, _node.Rss / (double)(1 << 20)),
            new Reading(Cpu, (_node.Cpu - before) / time * 100));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var started in (IAsyncDisposable?[])[_node, _hub])
        {
            if (started is not null)
            {
                await started.DisposeAsync();
            }
        }

        _home.Dispose();
    }
}
