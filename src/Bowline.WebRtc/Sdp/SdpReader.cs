using System.Globalization;

namespace Bowline.WebRtc;

/// <summary>Reads session descriptions (RFC 8866, RFC 8839, RFC 8841). Whatever it does not know it passes over; it never throws.</summary>
internal static class SdpReader
{
    /// <summary>Longer texts are refused, in characters.</summary>
    internal const int LongestText = 64 * 1024;

    internal const int LongestLine = 4 * 1024;

    internal const int MostMedia = 64;

    internal const int MostCandidates = 256;

    internal const int MostFingerprints = 8;

    internal static bool TryRead(string text, out SdpSession? session, out string? problem)
    {
        session = null;
        problem = text.Length > LongestText ? $"it is longer than {LongestText} characters" : null;
        if (problem is not null)
        {
            return false;
        }

        var shared = new SdpSection();
        var sections = new List<SdpSection>();
        (ulong Id, ulong Version) origin = default;
        var number = 0;
        foreach (var range in text.AsSpan().Split('\n'))
        {
            var line = text.AsSpan()[range].TrimEnd('\r');
            number++;
            if (line.IsEmpty)
            {
                continue;
            }

            problem = line switch
            {
                { Length: > LongestLine } => $"it is longer than {LongestLine} characters",
                _ when number == 1 && !line.SequenceEqual("v=0") => "a description begins with v=0",
                ['o', '=', ..] => ReadOrigin(line[2..].ToString(), out origin),
                ['m', '=', ..] => sections.Count == MostMedia ? $"there are more than {MostMedia} media sections" : Add(sections, line[2..].ToString()),
                ['a', '=', ..] => (sections.Count == 0 ? shared : sections[^1]).TakeAttribute(line[2..].ToString()),
                [>= 'a' and <= 'z', '=', ..] => null,
                _ => "a line is a letter, '=' and a value",
            };
            if (problem is not null)
            {
                problem = $"line {number}: {problem}";
                return false;
            }
        }

        session = new(origin.Id, origin.Version, [.. sections.Select(section => section.Build(shared))]);
        problem = number <= 1 ? "it is empty" : null;
        return problem is null;
    }

    private static string? Add(List<SdpSection> sections, string value)
    {
        var parts = value.Split(' ', 4, StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length < 4 || !ushort.TryParse(parts[1].Split('/')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var port))
        {
            return "a media section has a kind, a port, a protocol and a format";
        }

        sections.Add(new() { Kind = parts[0], Port = port, Protocol = parts[2], Format = parts[3] });
        return null;
    }

    private static string? ReadOrigin(string value, out (ulong Id, ulong Version) origin)
    {
        origin = default;
        var parts = value.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length != 6 || !ulong.TryParse(parts[1], out var id) || !ulong.TryParse(parts[2], out var version))
        {
            return "an origin has a user, two numbers and an address";
        }

        origin = (id, version);
        return null;
    }
}
