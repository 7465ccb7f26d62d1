using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Bowline.EndToEnd.Tests.Support;

namespace Bowline.EndToEnd.Tests.Presence;

/// <summary>Collects what was measured; as a table and as JSON under <c>artifacts/presence</c>.</summary>
public sealed class PresenceReport : IDisposable
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };
    private readonly List<(string Name, TimeSpan Target, IReadOnlyList<double> Sorted)> _cases = [];

    public void Add(string name, TimeSpan target, IEnumerable<TimeSpan> times) => _cases.Add((name, target, [.. times.Select(time => time.TotalMilliseconds).Order()]));

    public void Dispose()
    {
        var folder = Path.Combine(BowlineProgram.Root, "artifacts", "presence");
        Directory.CreateDirectory(folder);
        var table = new StringBuilder("case                                      target  runs      min      p50      p95      max  (ms)\n");
        var cases = new JsonArray();
        foreach (var (name, target, sorted) in _cases)
        {
            var (p50, p95) = (At(sorted, 0.5), At(sorted, 0.95));
            table.AppendLine(string.Create(CultureInfo.InvariantCulture, $"{name,-40} {target.TotalMilliseconds,7:0} {sorted.Count,5} {sorted[0],8:0} {p50,8:0} {p95,8:0} {sorted[^1],8:0}"));
            cases.Add(new JsonObject
            {
                ["case"] = name,
                ["targetMs"] = target.TotalMilliseconds,
                ["minMs"] = sorted[0],
                ["p50Ms"] = p50,
                ["p95Ms"] = p95,
                ["maxMs"] = sorted[^1],
                ["runsMs"] = new JsonArray([.. sorted.Select(time => JsonValue.Create(Math.Round(time, 1)))]),
            });
        }

        var report = new JsonObject { ["at"] = DateTimeOffset.UtcNow.ToString("O", CultureInfo.InvariantCulture), ["processors"] = Environment.ProcessorCount, ["cases"] = cases };
        File.WriteAllText(Path.Combine(folder, "presence.json"), report.ToJsonString(Indented));
        File.WriteAllText(Path.Combine(folder, "presence.txt"), table.ToString());
    }

    private static double At(IReadOnlyList<double> sorted, double quantile) => sorted[(int)Math.Ceiling(quantile * sorted.Count) - 1];
}
