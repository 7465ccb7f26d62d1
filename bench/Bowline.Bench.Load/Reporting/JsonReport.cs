using System.Text.Json;
using Bowline.Bench.Load.Running;

namespace Bowline.Bench.Load.Reporting;

/// <summary>The same run as data: every round of every side, so that others can compute their own ratios.</summary>
internal static class JsonReport
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static async Task<string> WriteAsync(
        string folder, DateTimeOffset at, Machine machine, IReadOnlyList<FigureResult> figures, IReadOnlyList<TargetResult> targets)
    {
        Directory.CreateDirectory(folder);
        var file = Path.Combine(folder, $"load-{at:yyyyMMdd-HHmmss}.json");
        await using var stream = File.Create(file);
        await JsonSerializer.SerializeAsync(stream, new { at, machine, figures, targets }, Options);
        return file;
    }
}
