using System.Diagnostics;

namespace Bowline.Bench.Load.Running;

/// <summary>
/// Runs the figures one after the other, the sides of each interleaved round by round, inside one time limit: each figure
/// may use its share of what is left, and at least two rounds.
/// </summary>
internal sealed class Runner(int rounds, TimeSpan limit, TextWriter progress)
{
    private const int FewestRounds = 2;

    public async Task<IReadOnlyList<FigureResult>> RunAsync(
        IReadOnlyList<IScenario> scenarios, Action<FigureResult> finished, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        var figures = scenarios.GroupBy(s => s.Figure).ToArray();
        var results = new List<FigureResult>();
        for (var i = 0; i < figures.Length; i++)
        {
            var share = (limit - clock.Elapsed) / (figures.Length - i);
            await progress.WriteLineAsync($"[{clock.Elapsed:mm\\:ss}] {figures[i].Key}");
            var result = await RunFigureAsync(figures[i].Key, [.. figures[i]], share, cancellationToken);
            results.Add(result);
            finished(result);
        }

        return results;
    }

    private async Task<FigureResult> RunFigureAsync(
        string figure, IReadOnlyList<IScenario> sides, TimeSpan share, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        var measured = sides.ToDictionary(s => s.Side, _ => new List<Measurement>());
        var failures = new Dictionary<string, string>();
        foreach (var side in sides)
        {
            await TryAsync(side, async () => await side.PrepareAsync(cancellationToken));
        }

        for (var round = 0; round < rounds && (round < FewestRounds || clock.Elapsed < share); round++)
        {
            foreach (var side in sides.Where(s => !failures.ContainsKey(s.Side)))
            {
                // The garbage of the side before must not be collected on this one's time.
                GC.Collect();
                GC.WaitForPendingFinalizers();
                await TryAsync(side, async () => measured[side.Side].Add(await side.RoundAsync(cancellationToken)));
            }
        }

        foreach (var side in sides)
        {
            await TryAsync(side, async () => await side.DisposeAsync());
        }

        return new FigureResult(
            figure,
            [.. sides.Select(s => s.Side)],
            [.. sides.Where(s => !failures.ContainsKey(s.Side)).SelectMany(s => Samples(s.Side, measured[s.Side]))],
            [.. failures.Select(f => $"{f.Key}: {f.Value}")]);

        async Task TryAsync(IScenario side, Func<Task> step)
        {
            try
            {
                await step();
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                // One side that cannot run is reported as such and leaves the others their figures.
                failures[side.Side] = $"{e.GetType().Name}: {e.Message}";
                await progress.WriteLineAsync($"        {figure} / {side.Side} failed: {e}");
            }
        }
    }

    private static IEnumerable<Sample> Samples(string side, List<Measurement> rounds)
        => rounds
            .SelectMany(m => m.Readings)
            .GroupBy(r => r.Metric)
            .Select(g => new Sample(side, g.Key, [.. g.Select(r => r.Value)]));
}
