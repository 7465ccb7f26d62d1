using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Bowline.Core.Text;

namespace Bowline.Hub.Devices;

/// <summary>A code a person can read out: 60 random bits as three groups of four, e.g. <c>K7QF-M2XA-PZ4C</c>.</summary>
internal static class InviteCode
{
    private const int Characters = 12;

    public static string New()
    {
        var text = Base32.ToUpperString(RandomNumberGenerator.GetBytes(8))[..Characters];
        return $"{text[..4]}-{text[4..8]}-{text[8..]}";
    }

    /// <summary>The form that is hashed: dashes and spaces do not matter, nor does case.</summary>
    public static bool TryNormalise(string? text, [NotNullWhen(true)] out string? normal)
    {
        normal = null;
        if (text is null || text.Length > 64)
        {
            return false;
        }

        var compact = string.Concat(text.Where(c => c is not ('-' or ' '))).ToUpperInvariant();
        normal = compact.Length == Characters && compact.All(c => c is (>= 'A' and <= 'Z') or (>= '2' and <= '7')) ? compact : null;
        return normal is not null;
    }
}
