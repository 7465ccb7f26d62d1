using System.Globalization;
using Bowline.Bench.Load.Running;

namespace Bowline.Bench.Load.Reporting;

/// <summary>The table on stdout: one block per figure, one row per side, then the targets.</summary>
internal static class TextReport
{
    private const int NameWidth = 36;
    private const int CellWidth = 26;

    public static void Write(TextWriter to, Machine machine)
    {
        to.WriteLine($"{machine.Cpu}, {machine.Cores} cores, {machine.MemoryMiB >> 10} GiB, {machine.System}, {machine.Runtime}");
        to.WriteLine($"commit {machine.Commit}; {machine.NatsServer}; libnats {machine.Libnats}; {machine.Ssh}; strfry {machine.Strfry}; load {machine.LoadBefore}");
        to.WriteLine("median (min-max) over interleaved rounds; CPU in us per operation (per MiB for bodies)");
        to.WriteLine();
    }

    public static void Write(TextWriter to, FigureResult figure, IReadOnlyList<Target> targets)
    {
        var metrics = figure.Samples.Select(s => s.Metric).DistinctBy(m => m.Name).ToArray();
        var plain = metrics.Where(m => !IsCost(m)).ToArray();
        var cpu = metrics.Where(m => IsCost(m) && m != Metric.Allocated).OrderBy(m => Array.IndexOf(Roles, m.Name)).ToArray();
        to.Write(figure.Figure.PadRight(NameWidth + 10)[..(NameWidth + 10)]);
        to.Write(string.Concat(plain.Select(m => $"{m.Name} {m.Unit}".PadLeft(CellWidth))));
        to.Write(string.Concat(cpu.Select(m => m.Name.Replace("cpu ", "cpu/", StringComparison.Ordinal).PadLeft(12))));
        to.WriteLine(metrics.Contains(Metric.Allocated) ? "alloc B/op".PadLeft(12) : "");
        foreach (var side in figure.Sides)
        {
            to.Write($"  {side}".PadRight(NameWidth + 10));
            to.Write(string.Concat(plain.Select(m => Spread(figure.Find(side, m.Name)).PadLeft(CellWidth))));
            to.Write(string.Concat(cpu.Select(m => Number(figure.Find(side, m.Name)?.Median).PadLeft(12))));
            to.WriteLine(metrics.Contains(Metric.Allocated) ? Number(figure.Find(side, Metric.Allocated.Name)?.Median).PadLeft(12) : "");
        }

        foreach (var failure in figure.Failures)
        {
            to.WriteLine($"  FAILED {failure}");
        }

        foreach (var judged in targets.Where(t => t.Figure == figure.Figure).Select(figure.Judge).OfType<TargetResult>())
        {
            to.WriteLine($"  -> {Line(judged)}");
        }

        to.WriteLine();
    }

    public static void WriteTargets(TextWriter to, IReadOnlyList<TargetResult> results)
    {
        to.WriteLine($"targets: {results.Count(r => r.Met)} met, {results.Count(r => !r.Met)} missed");
        foreach (var result in results)
        {
            to.WriteLine($"  {result.Target.Figure,-44} {Line(result)}");
        }
    }

    private static string Line(TargetResult r)
        => $"{r.Target.Side} {r.Target.Metric} {Number(r.Value)} ({r.Target.Text}): {(r.Met ? "met" : "MISSED")}";

    private static readonly string[] Roles = ["cpu client", "cpu server", "cpu helper"];

    private static bool IsCost(Metric metric)
        => metric.Name.StartsWith("cpu ", StringComparison.Ordinal) || metric == Metric.Allocated;

    private static string Spread(Sample? sample)
        => sample is null ? "-" : $"{Number(sample.Median)} ({Number(sample.Min)}-{Number(sample.Max)})";

    private static string Number(double? value)
        => value switch
        {
            null => "-",
            >= 1e6 => (value.Value / 1e6).ToString("0.00", CultureInfo.InvariantCulture) + " M",
            >= 1e4 => (value.Value / 1e3).ToString("0.0", CultureInfo.InvariantCulture) + " k",
            >= 100 => value.Value.ToString("0", CultureInfo.InvariantCulture),
            >= 10 => value.Value.ToString("0.0", CultureInfo.InvariantCulture),
            _ => value.Value.ToString("0.00", CultureInfo.InvariantCulture),
        };
}
