namespace Bowline.Nostr;

/// <summary>Lower-case hex, the only spelling NIP-01 allows; upper case is refused, so every value has one text.</summary>
internal static class Hex
{
    private const string Digits = "0123456789abcdef";

    public static void Encode(ReadOnlySpan<byte> bytes, Span<char> destination)
    {
        for (var i = 0; i < bytes.Length; i++)
        {
            destination[2 * i] = Digits[bytes[i] >> 4];
            destination[(2 * i) + 1] = Digits[bytes[i] & 15];
        }
    }

    public static void Encode(ReadOnlySpan<byte> bytes, Span<byte> destination)
    {
        for (var i = 0; i < bytes.Length; i++)
        {
            destination[2 * i] = (byte)Digits[bytes[i] >> 4];
            destination[(2 * i) + 1] = (byte)Digits[bytes[i] & 15];
        }
    }

    public static string ToString(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes);

    /// <summary>False unless the text fills the destination exactly.</summary>
    public static bool TryDecode(ReadOnlySpan<char> hex, Span<byte> destination)
    {
        if (hex.Length != 2 * destination.Length)
        {
            return false;
        }

        for (var i = 0; i < destination.Length; i++)
        {
            var value = (Nibble(hex[2 * i]) << 4) | Nibble(hex[(2 * i) + 1]);
            if (value < 0)
            {
                return false;
            }

            destination[i] = (byte)value;
        }

        return true;
    }

    /// <summary>False unless the text fills the destination exactly.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> hex, Span<byte> destination)
    {
        if (hex.Length != 2 * destination.Length)
        {
            return false;
        }

        for (var i = 0; i < destination.Length; i++)
        {
            var value = (Nibble((char)hex[2 * i]) << 4) | Nibble((char)hex[(2 * i) + 1]);
            if (value < 0)
            {
                return false;
            }

            destination[i] = (byte)value;
        }

        return true;
    }

    private static int Nibble(char c) => c is >= '0' and <= '9' ? c - '0' : c is >= 'a' and <= 'f' ? c - 'a' + 10 : -1;
}
