using Bowline.Bench.Load.Processes;
using Bowline.Bench.Load.Running;
using Bowline.Bench.Load.Scenarios;

namespace Bowline.Bench.Load.Relays;

/// <summary>A relay that is compared: how to start one with an empty store, and one that holds profiles and notes, loaded once.</summary>
internal sealed record RelaySide(string Name, Func<CancellationToken, Task<RelayProcess>> StartAsync, Shared<LoadedRelay> Loaded)
{
    /// <summary>Names the binary of strfry; without it that side is left out.</summary>
    public const string StrfryVariable = "STRFRY";

    public static string? Strfry => Environment.GetEnvironmentVariable(StrfryVariable) is { Length: > 0 } program ? program : null;

    public static IReadOnlyList<RelaySide> All(Lab lab)
    {
        var ours = Of(lab, Sides.Relay, ct => RelayProcess.StartBowlineAsync(lab.Options.BowlineProgram, ct));
        var sides = new List<RelaySide> { ours };
        if (lab.Options.BeforeProgram is { } before)
        {
            sides.Add(Of(lab, Sides.RelayBefore, ct => RelayProcess.StartBowlineAsync(before, ct)));
        }

        if (Strfry is { } program)
        {
            sides.Add(Of(lab, Sides.Strfry, ct => RelayProcess.StartStrfryAsync(program, ct)));
        }

        return sides;
    }

    /// <summary>Ours with full-text search: what the index of words costs.</summary>
    public static RelaySide Searching(Lab lab)
        => Of(lab, Sides.RelaySearch, ct => RelayProcess.StartBowlineAsync(lab.Options.BowlineProgram, ct, "--search"));

    public static CpuMeter Meter(RelayProcess relay) => new(CpuMeter.Self(), CpuMeter.Of("server", relay.Process));

    private static RelaySide Of(Lab lab, string name, Func<CancellationToken, Task<RelayProcess>> start)
        => new(name, start, lab.Share(async ct => await LoadedRelay.LoadAsync(await start(ct), lab.Options, ct)));
}
