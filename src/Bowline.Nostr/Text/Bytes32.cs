using System.Buffers.Binary;

namespace Bowline.Nostr;

/// <summary>Thirty-two bytes as four words: compared and hashed without an array. Ordered as their hex text is.</summary>
internal readonly record struct Bytes32(ulong A, ulong B, ulong C, ulong D) : IComparable<Bytes32>
{
    public const int Size = 32;

    public const int HexLength = 64;

    public static Bytes32 Read(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadUInt64BigEndian(bytes),
        BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]),
        BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]),
        BinaryPrimitives.ReadUInt64BigEndian(bytes[24..Size]));

    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, A);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], B);
        BinaryPrimitives.WriteUInt64BigEndian(destination[16..], C);
        BinaryPrimitives.WriteUInt64BigEndian(destination[24..], D);
    }

    /// <summary>64 lower-case hex digits and nothing else (NIP-01).</summary>
    public static bool TryParse(ReadOnlySpan<char> hex, out Bytes32 value)
    {
        Span<byte> bytes = stackalloc byte[Size];
        var ok = Hex.TryDecode(hex, bytes);
        value = ok ? Read(bytes) : default;
        return ok;
    }

    public static bool TryParse(ReadOnlySpan<byte> hex, out Bytes32 value)
    {
        Span<byte> bytes = stackalloc byte[Size];
        var ok = Hex.TryDecode(hex, bytes);
        value = ok ? Read(bytes) : default;
        return ok;
    }

    public int CompareTo(Bytes32 other) =>
        A != other.A ? A.CompareTo(other.A) : B != other.B ? B.CompareTo(other.B) : C != other.C ? C.CompareTo(other.C) : D.CompareTo(other.D);

    // The bytes are hashes and points: any word of them is as good as a hash, and a sender cannot choose it cheaply for many values.
    public override int GetHashCode() => HashCode.Combine(B, D);

    public override string ToString() => string.Create(HexLength, this, static (text, value) =>
    {
        Span<byte> bytes = stackalloc byte[Size];
        value.Write(bytes);
        Hex.Encode(bytes, text);
    });
}
