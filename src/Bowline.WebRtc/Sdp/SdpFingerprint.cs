namespace Bowline.WebRtc;

/// <summary>The hash of a certificate (RFC 8122, section 5).</summary>
internal sealed record SdpFingerprint(string Algorithm, byte[] Value)
{
    private static readonly Dictionary<string, int> Sizes = new(StringComparer.OrdinalIgnoreCase)
    {
        ["md2"] = 16,
        ["md5"] = 16,
        ["sha-1"] = 20,
        ["sha-224"] = 28,
        ["sha-256"] = 32,
        ["sha-384"] = 48,
        ["sha-512"] = 64,
    };

    /// <summary>Reads <c>algorithm AB:CD:…</c>; one of an algorithm nobody here knows is null without being wrong.</summary>
    internal static bool TryParse(string text, out SdpFingerprint? fingerprint)
    {
        fingerprint = null;
        var parts = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length != 2)
        {
            return false;
        }

        if (!Sizes.TryGetValue(parts[0], out var size))
        {
            return true;
        }

        var bytes = new byte[size];
        if (parts[1].Length != size * 3 - 1)
        {
            return false;
        }

        for (var i = 0; i < size; i++)
        {
            if (!byte.TryParse(parts[1].AsSpan(i * 3, 2), System.Globalization.NumberStyles.AllowHexSpecifier, null, out bytes[i]) || (i > 0 && parts[1][i * 3 - 1] != ':'))
            {
                return false;
            }
        }

        fingerprint = new(parts[0].ToLowerInvariant(), bytes);
        return true;
    }

    public override string ToString() => $"{Algorithm} {BitConverter.ToString(Value).Replace('-', ':')}";

    public bool Equals(SdpFingerprint? other) => other is not null && string.Equals(Algorithm, other.Algorithm, StringComparison.Ordinal) && Value.AsSpan().SequenceEqual(other.Value);

    public override int GetHashCode() => HashCode.Combine(Algorithm, Value.Length > 0 ? Value[0] : 0);
}
