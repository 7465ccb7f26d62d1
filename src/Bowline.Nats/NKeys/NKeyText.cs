using System.Buffers.Binary;
using System.Security.Cryptography;
using Bowline.Core.Cryptography;
using Bowline.Core.Text;

namespace Bowline.Nats.NKeys;

/// <summary>The text forms of nkeys: Base32 of prefix, 32 key bytes and a little-endian CRC-16.</summary>
internal static class NKeyText
{
    private const int SeedPrefix = 18 << 3;
    private const int PublicLength = 1 + Ed25519.KeySize + 2;
    private const int SeedLength = 2 + Ed25519.KeySize + 2;

    public static string EncodePublic(NKeyType type, ReadOnlySpan<byte> publicKey)
    {
        Span<byte> raw = stackalloc byte[PublicLength];
        raw[0] = (byte)type;
        publicKey.CopyTo(raw[1..]);
        return Seal(raw);
    }

    public static string EncodeSeed(NKeyType type, ReadOnlySpan<byte> seed)
    {
        Span<byte> raw = stackalloc byte[SeedLength];
        raw[0] = (byte)(SeedPrefix | ((int)type >> 5));
        raw[1] = (byte)(((int)type & 31) << 3);
        seed.CopyTo(raw[2..]);
        var text = Seal(raw);
        CryptographicOperations.ZeroMemory(raw);
        return text;
    }

    public static bool TryDecodePublic(ReadOnlySpan<char> text, Span<byte> publicKey, out NKeyType type)
    {
        Span<byte> raw = stackalloc byte[PublicLength];
        type = NKeyType.None;
        if (!TryOpen(text, raw) || !IsKeyType(raw[0]))
        {
            return false;
        }

        type = (NKeyType)raw[0];
        raw.Slice(1, Ed25519.KeySize).CopyTo(publicKey);
        return true;
    }

    public static bool TryDecodeSeed(ReadOnlySpan<char> text, Span<byte> seed, out NKeyType type)
    {
        Span<byte> raw = stackalloc byte[SeedLength];
        type = NKeyType.None;
        try
        {
            if (!TryOpen(text, raw) || (raw[0] & 0xF8) != SeedPrefix || (raw[1] & 7) != 0)
            {
                return false;
            }

            var value = ((raw[0] & 7) << 5) | (raw[1] >> 3);
            if (!IsKeyType(value))
            {
                return false;
            }

            type = (NKeyType)value;
            raw.Slice(2, Ed25519.KeySize).CopyTo(seed);
            return true;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(raw);
        }
    }

    private static bool IsKeyType(int value) => (NKeyType)value
        is NKeyType.Account or NKeyType.Cluster or NKeyType.Server or NKeyType.Operator or NKeyType.User;

    private static string Seal(Span<byte> raw)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(raw[^2..], Crc16.Compute(raw[..^2]));
        return Base32.ToUpperString(raw);
    }

    // Lower case is refused: servers and permission lists compare keys ordinally, so a key has one spelling.
    private static bool TryOpen(ReadOnlySpan<char> text, Span<byte> raw)
    {
        if (text.ContainsAnyInRange('a', 'z') || !Base32.TryDecode(text, raw))
        {
            return false;
        }

        Span<byte> crc = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(crc, Crc16.Compute(raw[..^2]));
        return CryptographicOperations.FixedTimeEquals(crc, raw[^2..]);
    }
}
