using System.Globalization;

namespace Bowline.Bench.Load;

/// <summary>What the command line asked for.</summary>
internal sealed record BenchOptions
{
    public const string Help = """
        Usage: make bench, or eng/bench.sh [options]

          --quick             two short rounds of everything: does it run, are the orders of magnitude right
          --filter TEXT       only figures whose name contains TEXT (may be repeated)
          --side TEXT         only sides whose name contains TEXT (may be repeated); ratios need the peer as well
          --rounds N          rounds of each side (default 7)
          --minutes N         time limit of the whole run (default 16); figures get fewer rounds when it is short
          --out FOLDER        where the JSON goes (default artifacts/bench)
          --libnats FILE      the compiled bench/peers/libnats_bench.c
          --bowline FILE      the built CLI, for the figures of the product itself
          --before FILE       another build of the CLI, measured beside it (figures of the relay)
          --list              names of the figures
        """;

    public bool Quick { get; init; }

    public bool List { get; init; }

    public bool ShowHelp { get; init; }

    public IReadOnlyList<string> Filters { get; init; } = [];

    public IReadOnlyList<string> SideFilters { get; init; } = [];

    public int Rounds { get; init; } = 7;

    public TimeSpan Limit { get; init; } = TimeSpan.FromMinutes(16);

    public string Out { get; init; } = "artifacts/bench";

    public string LibnatsProgram { get; init; } = "artifacts/bench/libnats_bench";

    public string BowlineProgram { get; init; } = "artifacts/bin/Bowline.Cli/release/bowline";

    public string? BeforeProgram { get; init; }

    /// <summary>Length of a round that is bounded by time: long against the 10 ms ticks of CPU accounting.</summary>
    public TimeSpan Slice => TimeSpan.FromMilliseconds(Quick ? 300 : 1000);

    /// <summary>Work of a round that is bounded by count.</summary>
    public int Scaled(int count) => Quick ? count / 4 : count;

    public bool Wants(string figure, string side) => Matches(Filters, figure) && Matches(SideFilters, side);

    private static bool Matches(IReadOnlyList<string> filters, string name)
        => filters.Count == 0 || filters.Any(f => name.Contains(f, StringComparison.OrdinalIgnoreCase));

    public static BenchOptions Parse(IReadOnlyList<string> args)
    {
        var options = new BenchOptions();
        for (var i = 0; i < args.Count; i++)
        {
            options = args[i] switch
            {
                "--quick" => options with { Quick = true, Rounds = 2 },
                "--list" => options with { List = true },
                "--help" or "-h" => options with { ShowHelp = true },
                "--filter" => options with { Filters = [.. options.Filters, Next(ref i)] },
                "--side" => options with { SideFilters = [.. options.SideFilters, Next(ref i)] },
                "--rounds" => options with { Rounds = int.Parse(Next(ref i), CultureInfo.InvariantCulture) },
                "--minutes" => options with { Limit = TimeSpan.FromMinutes(double.Parse(Next(ref i), CultureInfo.InvariantCulture)) },
                "--out" => options with { Out = Next(ref i) },
                "--bowline" => options with { BowlineProgram = Next(ref i) },
                "--before" => options with { BeforeProgram = Next(ref i) },
                "--libnats" => options with { LibnatsProgram = Next(ref i) },
                _ => throw new FormatException($"unknown option {args[i]}"),
            };
        }

        return options;

        string Next(ref int i)
            => ++i < args.Count ? args[i] : throw new FormatException($"{args[i - 1]} needs a value");
    }
}
