using System.Globalization;
using System.Text;

namespace Bowline.Hub.Devices;

/// <summary>Names that fit a host label: a-z, 0-9 and single dashes, at most 40 characters, so that a service name fits beside it.</summary>
internal static class Slug
{
    internal const int MaxLength = 40;

    /// <summary>The slug of a machine's name: <c>Ana's Desk.local</c> becomes <c>ana-s-desk</c>; without usable characters, <c>node</c>.</summary>
    public static string From(string machineName)
    {
        var firstLabel = machineName.Split('.', 2)[0].ToLowerInvariant();
        var text = new StringBuilder(MaxLength);
        foreach (var c in firstLabel)
        {
            if (char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c))
            {
                text.Append(c);
            }
            else if (text.Length > 0 && text[^1] != '-')
            {
                text.Append('-'); // Runs collapse: "--" separates service and node in a host label.
            }

            if (text.Length == MaxLength)
            {
                break;
            }
        }

        var slug = text.ToString().Trim('-');
        return slug.Length == 0 ? "node" : slug;
    }

    /// <summary>The first of <c>desk</c>, <c>desk-2</c>, <c>desk-3</c>, ... that is free.</summary>
    public static string Unique(string wanted, Func<string, bool> isTaken)
    {
        var slug = wanted;
        for (var n = 2; isTaken(slug); n++)
        {
            var suffix = "-" + n.ToString(CultureInfo.InvariantCulture);
            var room = MaxLength - suffix.Length;
            slug = (wanted.Length > room ? wanted[..room].TrimEnd('-') : wanted) + suffix;
        }

        return slug;
    }
}
