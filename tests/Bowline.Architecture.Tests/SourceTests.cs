using System.Text.RegularExpressions;

namespace Bowline.Architecture.Tests;

/// <summary>Rules of the house that a compiler does not check.</summary>
public sealed partial class SourceTests
{
    private const int MostLines = 400;

    [Fact]
    public void No_source_file_is_longer_than_400_lines()
    {
        var tooLong = Repository.Sources("src", "tests", "bench", "samples")
            .Where(file => File.ReadLines(file).Count() > MostLines)
            .Select(Repository.Relative);
        Assert.Empty(tooLong);
    }

    [Fact]
    public void No_exception_is_swallowed_without_a_word()
    {
        var silent = Repository.Sources("src").SelectMany(file => EmptyCatch().Matches(File.ReadAllText(file)).Select(_ => Repository.Relative(file)));
        Assert.Empty(silent);
    }

    [Fact]
    public void Log_event_ids_are_unique_in_the_solution()
    {
        var ids = Repository.Sources("src")
            .SelectMany(file => EventId().Matches(File.ReadAllText(file)).Select(match => (Id: match.Groups["id"].Value, File: Repository.Relative(file))))
            .ToList();
        Assert.NotEmpty(ids);
        Assert.Empty(ids.GroupBy(entry => entry.Id, StringComparer.Ordinal).Where(group => group.Count() > 1).Select(group => $"{group.Key}: {string.Join(", ", group.Select(entry => entry.File))}"));
    }

    [Fact]
    public void Nothing_unfinished_is_left_in_the_code()
    {
        var marks = Repository.Sources("src", "bench", "samples").SelectMany(file => Unfinished().Matches(File.ReadAllText(file)).Select(match => $"{Repository.Relative(file)}: {match.Value}"));
        Assert.Empty(marks);
    }

    /// <summary>What waits for one goes on inside whoever completes it, perhaps under its locks: that must be meant, and said.</summary>
    [Fact]
    public void Every_completion_source_says_where_its_continuations_run()
    {
        var silent = Repository.Sources("src", "tests", "bench", "samples")
            .SelectMany(file => SilentCompletionSource().Matches(File.ReadAllText(file)).Select(match => $"{Repository.Relative(file)}: {match.Value}"));
        Assert.Empty(silent);
    }

    [GeneratedRegex(@"new TaskCompletionSource(?:<[^;=]*>)?\(\)|TaskCompletionSource(?:<[^;=]*>)?\?? \w+(?: \{[^}]*\})? = new\(\)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex SilentCompletionSource();

    [GeneratedRegex(@"catch\s*(?:\([^)]*\))?\s*\{\s*\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex EmptyCatch();

    [GeneratedRegex(@"\[LoggerMessage\(\s*(?:EventId\s*=\s*)?(?<id>\d+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex EventId();

    [GeneratedRegex(@"NotImplementedException|\bTODO\b|\bFIXME\b|\bHACK\b", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Unfinished();
}
