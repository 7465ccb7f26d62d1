using System.Globalization;

namespace Bowline.Cli.Events;

/// <summary>Times as people write them.</summary>
internal static class Moment
{
    /// <summary>Unix seconds of a date and time (local unless it says so), of unix seconds, or of a span before now; null for anything else.</summary>
    public static long? Parse(string text, DateTimeOffset now)
    {
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
        {
            return seconds;
        }

        if (text.Length > 1 && SecondsOf(text[^1]) is { } unit && long.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count <= int.MaxValue)
        {
            return now.ToUnixTimeSeconds() - (count * unit);
        }

        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out var time) ? time.ToUnixTimeSeconds() : null;
    }

    private static long? SecondsOf(char unit) => unit switch
    {
        's' => 1,
        'm' => 60,
        'h' => 3600,
        'd' => 86_400,
        _ => null,
    };
}
