using Bowline.Bench.Load.Reporting;
using Bowline.Bench.Load.Running;
using Bowline.Bench.Load.Scenarios;

namespace Bowline.Bench.Load;

/// <summary>One whole run: options, scenarios, table on stdout, JSON in the artifacts.</summary>
internal static class BenchRun
{
    private const int Ok = 0;
    private const int Failed = 1;
    private const int Usage = 2;

    public static async Task<int> RunAsync(string[] args)
    {
        BenchOptions options;
        try
        {
            options = BenchOptions.Parse(args);
        }
        catch (FormatException e)
        {
            await Console.Error.WriteLineAsync($"{e.Message}\n\n{BenchOptions.Help}");
            return Usage;
        }

        using var interrupt = new CancellationTokenSource();
        Console.CancelKeyPress += (_, e) =>
        {
            e.Cancel = true;
            interrupt.Cancel();
        };
        await using var lab = new Lab(options);
        var scenarios = Catalog.Scenarios(lab).Where(s => options.Wants(s.Figure, s.Side)).ToArray();
        if (options.ShowHelp || options.List)
        {
            await Console.Out.WriteLineAsync(options.ShowHelp ? BenchOptions.Help : string.Join('\n', scenarios.Select(s => s.Figure).Distinct()));
            return Ok;
        }

        var at = TimeProvider.System.GetUtcNow();
        var machine = await Machine.ReadAsync(lab.Libnats, interrupt.Token);
        TextReport.Write(Console.Out, machine);
        var figures = await new Runner(options.Rounds, options.Limit, Console.Error)
            .RunAsync(scenarios, f => TextReport.Write(Console.Out, f, Catalog.Targets), interrupt.Token);
        var targets = Catalog.Targets
            .Select(t => figures.FirstOrDefault(f => f.Figure == t.Figure)?.Judge(t)).OfType<TargetResult>().ToArray();
        TextReport.WriteTargets(Console.Out, targets);
        var file = await JsonReport.WriteAsync(options.Out, at, machine, figures, targets);
        await Console.Out.WriteLineAsync($"\nwritten: {file}");

        // A missed target is a fact in the table, not an error; a side that could not run is one.
        return figures.Any(f => f.Failures.Count > 0) ? Failed : Ok;
    }
}
