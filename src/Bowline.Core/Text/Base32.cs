namespace Bowline.Core.Text;

/// <summary>Base32 with the alphabet of RFC 4648 section 6, without padding.</summary>
public static class Base32
{
    private const string Lower = "abcdefghijklmnopqrstuvwxyz234567";
    private const string Upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    /// <summary>Encodes bytes in lower case, as device ids are written.</summary>
    public static string ToLowerString(ReadOnlySpan<byte> bytes) => Encode(bytes, Lower);

    /// <summary>Encodes bytes in upper case, as NATS keys are written.</summary>
    public static string ToUpperString(ReadOnlySpan<byte> bytes) => Encode(bytes, Upper);

    /// <summary>The number of characters that encode <paramref name="byteCount"/> bytes.</summary>
    public static int EncodedLength(int byteCount) => ((byteCount * 8) + 4) / 5;

    /// <summary>
    /// Decodes text of either case. Refuses a character outside the alphabet, a length no encoder produces,
    /// and trailing bits that are not zero, so that every byte string has one spelling per case.
    /// </summary>
    /// <returns>False when the text is not Base32 or does not fill <paramref name="destination"/> exactly.</returns>
    public static bool TryDecode(ReadOnlySpan<char> text, Span<byte> destination)
    {
        if (EncodedLength(destination.Length) != text.Length)
        {
            return false;
        }

        uint buffer = 0;
        var bits = 0;
        var written = 0;
        foreach (var c in text)
        {
            var value = ValueOf(c);
            if (value < 0)
            {
                return false;
            }

            buffer = (buffer << 5) | (uint)value;
            bits += 5;
            if (bits >= 8)
            {
                bits -= 8;
                destination[written++] = (byte)(buffer >> bits);
                buffer &= (1u << bits) - 1;
            }
        }

        return written == destination.Length && buffer == 0;
    }

    private static string Encode(ReadOnlySpan<byte> bytes, string alphabet)
    {
        var length = EncodedLength(bytes.Length);
        Span<char> chars = length <= 256 ? stackalloc char[length] : new char[length];
        uint buffer = 0;
        var bits = 0;
        var position = 0;
        foreach (var b in bytes)
        {
            buffer = (buffer << 8) | b;
            bits += 8;
            while (bits >= 5)
            {
                bits -= 5;
                chars[position++] = alphabet[(int)(buffer >> bits) & 31];
            }
        }

        if (bits > 0)
        {
            chars[position] = alphabet[(int)(buffer << (5 - bits)) & 31];
        }

        return new string(chars);
    }

    private static int ValueOf(char c) => c switch
    {
        >= 'a' and <= 'z' => c - 'a',
        >= 'A' and <= 'Z' => c - 'A',
        >= '2' and <= '7' => c - '2' + 26,
        _ => -1,
    };
}
