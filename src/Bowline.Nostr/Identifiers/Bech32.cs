using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Bowline.Nostr;

/// <summary>Bech32 (BIP-173) without its limit of 90 characters, as NIP-19 uses it.</summary>
internal static class Bech32
{
    private const string Alphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    private const int ChecksumLength = 6;

    private static readonly uint[] Generator = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];

    public static string Encode(string prefix, ReadOnlySpan<byte> data)
    {
        var groups = new List<byte>((data.Length * 8 / 5) + 1 + ChecksumLength);
        uint bits = 0;
        var count = 0;
        foreach (var value in data)
        {
            bits = (bits << 8) | value;
            for (count += 8; count >= 5; count -= 5)
            {
                groups.Add((byte)((bits >> (count - 5)) & 31));
            }
        }

        if (count > 0)
        {
            groups.Add((byte)((bits << (5 - count)) & 31));
        }

        var state = Feed(1, prefix);
        foreach (var group in groups)
        {
            state = Step(state, group);
        }

        for (var i = 0; i < ChecksumLength; i++)
        {
            state = Step(state, 0);
        }

        state ^= 1;
        for (var i = 0; i < ChecksumLength; i++)
        {
            groups.Add((byte)((state >> (5 * (5 - i))) & 31));
        }

        return string.Concat(prefix, "1", string.Create(groups.Count, groups, static (text, values) =>
        {
            for (var i = 0; i < text.Length; i++)
            {
                text[i] = Alphabet[values[i]];
            }
        }));
    }

    /// <summary>Null when all is well, else what is wrong.</summary>
    public static string? Decode(string text, out string prefix, out byte[] data)
    {
        prefix = "";
        data = [];
        if (!Ascii.IsValid(text))
        {
            return "it has a character that is not ASCII"; // one of them becomes a k when it is lowered
        }

        if (text.Any(char.IsAsciiLetterLower) && text.Any(char.IsAsciiLetterUpper))
        {
            return "it mixes upper and lower case";
        }

        var lower = text.ToLowerInvariant();
        var one = lower.LastIndexOf('1');
        if (one < 1 || lower.Length - one - 1 < ChecksumLength)
        {
            return "it is not complete: a name, a 1 and the data are needed";
        }

        prefix = lower[..one];
        if (prefix.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            return "its name has a character that cannot be there";
        }

        var groups = new byte[lower.Length - one - 1];
        var state = Feed(1, prefix);
        for (var i = 0; i < groups.Length; i++)
        {
            var value = Alphabet.IndexOf(lower[one + 1 + i], StringComparison.Ordinal);
            if (value < 0)
            {
                return $"it has the character '{lower[one + 1 + i]}', which cannot be there";
            }

            groups[i] = (byte)value;
            state = Step(state, groups[i]);
        }

        return state != 1 ? "its checksum is wrong: a character is mistyped or missing"
            : TryJoin(groups.AsSpan(..^ChecksumLength), out var joined) && (data = joined) is not null ? null
            : "its last character is wrong";
    }

    private static bool TryJoin(ReadOnlySpan<byte> groups, [NotNullWhen(true)] out byte[]? data)
    {
        data = new byte[groups.Length * 5 / 8];
        uint bits = 0;
        var count = 0;
        var written = 0;
        foreach (var group in groups)
        {
            bits = (bits << 5) | group;
            count += 5;
            if (count >= 8)
            {
                count -= 8;
                data[written++] = (byte)(bits >> count);
            }
        }

        // What is left over must be less than a group, and zeros.
        if (count < 5 && (bits & ((1u << count) - 1)) == 0)
        {
            return true;
        }

        data = null;
        return false;
    }

    private static uint Feed(uint state, string prefix)
    {
        foreach (var c in prefix)
        {
            state = Step(state, (byte)(c >> 5));
        }

        state = Step(state, 0);
        foreach (var c in prefix)
        {
            state = Step(state, (byte)(c & 31));
        }

        return state;
    }

    private static uint Step(uint state, byte value)
    {
        var top = state >> 25;
        state = ((state & 0x1ffffff) << 5) ^ value;
        for (var i = 0; i < Generator.Length; i++)
        {
            if (((top >> i) & 1) != 0)
            {
                state ^= Generator[i];
            }
        }

        return state;
    }
}
