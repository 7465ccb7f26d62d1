using System.Globalization;

namespace Bowline.Cli.Infrastructure;

/// <summary>Times as people say them.</summary>
internal static class Ago
{
    /// <summary>Like <c>3 s</c>, <c>12 min</c>, <c>5 h</c>, <c>9 d</c>.</summary>
    public static string Text(TimeSpan duration) => duration.TotalSeconds switch
    {
        < 0 => "0 s",
        < 90 => Number(duration.TotalSeconds, "s"),
        < 5400 => Number(duration.TotalMinutes, "min"),
        < 172_800 => Number(duration.TotalHours, "h"),
        _ => Number(duration.TotalDays, "d"),
    };

    private static string Number(double value, string unit) => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(value):0} {unit}");
}
