using System.Globalization;
using System.Net;
using System.Text;

namespace Bowline.WebRtc;

/// <summary>The candidate attribute, taken apart (RFC 8839, section 5.1; RFC 6544 for TCP). Extensions are kept as they came.</summary>
internal sealed record CandidateLine(
    string Foundation, int Component, string Transport, uint Priority, string Address, int Port, CandidateKind Kind, string Extensions)
{
    /// <summary>Longer ones are refused, in characters.</summary>
    internal const int LongestLine = 1024;

    private const string Prefix = "candidate:";

    private static readonly string[] Kinds = ["host", "srflx", "prflx", "relay"];

    internal bool IsUdp => string.Equals(Transport, "udp", StringComparison.OrdinalIgnoreCase);

    /// <summary>A name that only multicast DNS knows: how browsers hide the addresses of a machine.</summary>
    internal bool IsMdnsName => Address.EndsWith(".local", StringComparison.OrdinalIgnoreCase);

    /// <summary>The user fragment extension, when there is one.</summary>
    internal string? UserFragment => Extension("ufrag");

    internal static bool TryParse(string text, out CandidateLine line, out string problem)
    {
        (line, problem) = (null!, "");
        var content = text.StartsWith("a=", StringComparison.Ordinal) ? text[2..] : text;
        if (content.Length > LongestLine)
        {
            return Refuse($"a candidate is longer than {LongestLine} characters", out problem);
        }

        if (!content.StartsWith(Prefix, StringComparison.Ordinal) || content.AsSpan().ContainsAnyInRange('\0', '\x1f'))
        {
            return Refuse("a candidate begins with 'candidate:' and is one line", out problem);
        }

        var parts = content[Prefix.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length < 8 || !string.Equals(parts[6], "typ", StringComparison.Ordinal))
        {
            return Refuse("a candidate has a foundation, a component, a transport, a priority, an address, a port and 'typ' with its type", out problem);
        }

        var kind = Array.IndexOf(Kinds, parts[7]);
        if (parts[0].Length > 32 || kind < 0
            || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var component) || component is < 1 or > 256
            || !uint.TryParse(parts[3], NumberStyles.None, CultureInfo.InvariantCulture, out var priority)
            || !ushort.TryParse(parts[5], NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            || !IsAddress(parts[4]))
        {
            return Refuse("a candidate has a number, an address or a type that is none", out problem);
        }

        line = new(parts[0], component, parts[2], priority, parts[4], port, (CandidateKind)kind, string.Join(' ', parts[8..]));
        return true;
    }

    /// <summary>The same with nothing in the place of the address that it was derived from: of a relay's that is this machine's (RFC 8839, section 5.1).</summary>
    internal CandidateLine WithoutRelatedAddress()
    {
        var parts = Extensions.Split(' ');
        for (var i = 0; i + 1 < parts.Length; i += 2)
        {
            parts[i + 1] = parts[i] switch
            {
                "raddr" => Address.Contains(':', StringComparison.Ordinal) ? "::" : "0.0.0.0",
                "rport" => "9",
                _ => parts[i + 1],
            };
        }

        return this with { Extensions = string.Join(' ', parts) };
    }

    /// <summary>The attribute without <c>a=</c>.</summary>
    public override string ToString()
    {
        var text = new StringBuilder(Prefix).Append(Foundation).Append(' ').Append(Component).Append(' ').Append(Transport).Append(' ').Append(Priority)
            .Append(' ').Append(Address).Append(' ').Append(Port).Append(" typ ").Append(Kinds[(int)Kind]);
        return Extensions.Length == 0 ? text.ToString() : text.Append(' ').Append(Extensions).ToString();
    }

    private static bool IsAddress(string text) => text.Length <= 255
        && (IPAddress.TryParse(text, out _) || Uri.CheckHostName(text) == UriHostNameType.Dns);

    private static bool Refuse(string why, out string problem)
    {
        problem = why;
        return false;
    }

    private string? Extension(string name)
    {
        var parts = Extensions.Split(' ');
        var at = Array.IndexOf(parts, name);
        return at >= 0 && at % 2 == 0 && at + 1 < parts.Length ? parts[at + 1] : null;
    }
}
