using System.Text;
using System.Text.RegularExpressions;

namespace Bowline.Architecture.Tests;

/// <summary>docs/timings.md as the source says it: every timer, its value and its reason.</summary>
internal static partial class TimingsDocument
{
    public static string File { get; } = Path.Combine(Repository.Root, "docs", "timings.md");

    /// <summary>Every TimeSpan constant or option default below src, in a stable order.</summary>
    public static IReadOnlyList<Timing> Read() => [.. Repository.Sources("src")
        .Where(file => !file.Contains("/Bowline.Testing/", StringComparison.Ordinal))
        .SelectMany(file => Declaration().Matches(System.IO.File.ReadAllText(file)).Select(match => ToTiming(file, match)))
        .OrderBy(timing => timing.Project, StringComparer.Ordinal)
        .ThenBy(timing => timing.Owner, StringComparer.Ordinal)
        .ThenBy(timing => timing.Name, StringComparer.Ordinal)];

    public static string Render(IReadOnlyList<Timing> timings)
    {
        var text = new StringBuilder();
        text.Append("# Timings\n\nEvery timer of the code, with its value and reason. Generated from the constants and option defaults; after a change run\n`BOWLINE_UPDATE_TIMINGS=1 eng/test.sh Architecture`.\n");
        foreach (var project in timings.GroupBy(timing => timing.Project, StringComparer.Ordinal))
        {
            text.Append($"\n## {project.Key}\n\n| timer | value | why |\n| --- | --- | --- |\n");
            foreach (var timing in project)
            {
                text.Append($"| {timing.Owner}.{timing.Name} | {timing.Value} | {timing.Reason} |\n");
            }
        }

        return text.ToString();
    }

    private static Timing ToTiming(string file, Match match)
    {
        var doc = string.Join(' ', match.Groups["doc"].Value.Split('\n').Select(line => line.Trim().TrimStart('/').Trim()));
        var value = ValueTag().Match(doc);
        var summary = SummaryTag().Match(doc);
        var reason = value.Success ? value.Groups["text"].Value : summary.Success ? summary.Groups["text"].Value : doc;
        reason = InnerReference().Replace(reason, "${name}");
        reason = AnyTag().Replace(reason, "").Replace("|", "\\|", StringComparison.Ordinal).Trim();
        return new Timing(
            Repository.Relative(file).Split('/')[1],
            Path.GetFileNameWithoutExtension(file),
            match.Groups["name"].Value.TrimStart('_'),
            $"{match.Groups["number"].Value.Replace("_", "", StringComparison.Ordinal)} {Unit(match.Groups["unit"].Value)}",
            System.Net.WebUtility.HtmlDecode(reason));
    }

    private static string Unit(string unit) => unit switch
    {
        "Milliseconds" => "ms",
        "Seconds" => "s",
        "Minutes" => "min",
        "Hours" => "h",
        "Days" => "d",
        _ => unit,
    };

    [GeneratedRegex(@"(?<doc>(?:[ \t]*//[^\n]*\n)*)[ \t]*(?:\[[^\n]*\]\s*)*(?:public|internal|private|protected)(?: internal)?(?: required)?(?: static)?(?: readonly)? TimeSpan\?? (?<name>\w+)\s*(?:\{[^}]*\}\s*)?=>?\s*TimeSpan\.From(?<unit>\w+)\((?<number>[\d._]+)\)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Declaration();

    [GeneratedRegex("<value>(?<text>.*?)</value>", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex ValueTag();

    [GeneratedRegex("<summary>(?<text>.*?)</summary>", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex SummaryTag();

    [GeneratedRegex("<(?:see|paramref|seealso) \\w+=\"(?<name>[^\"]*)\"\\s*/>", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex InnerReference();

    [GeneratedRegex("<[^>]+>", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex AnyTag();
}

/// <summary>One timer.</summary>
internal sealed record Timing(string Project, string Owner, string Name, string Value, string Reason);
