using System.Runtime.CompilerServices;

namespace Bowline.Nostr;

/// <summary>A 64-byte BIP-340 signature.</summary>
public readonly record struct NostrSignature
{
    /// <summary>Bytes of a signature.</summary>
    public const int Size = 64;

    private readonly Bytes32 _r;
    private readonly Bytes32 _s;

    private NostrSignature(Bytes32 r, Bytes32 s)
    {
        _r = r;
        _s = s;
    }

    /// <summary>Reads 64 bytes.</summary>
    /// <param name="bytes">Exactly 64 bytes.</param>
    /// <exception cref="ArgumentException">Another number of bytes.</exception>
    public static NostrSignature FromBytes(ReadOnlySpan<byte> bytes) => bytes.Length == Size
        ? new(Bytes32.Read(bytes), Bytes32.Read(bytes[Bytes32.Size..]))
        : throw new ArgumentException($"A signature has {Size} bytes, not {bytes.Length}.", nameof(bytes));

    /// <summary>Parses 128 lower-case hex digits.</summary>
    [SkipLocalsInit]
    public static bool TryParse(ReadOnlySpan<char> hex, out NostrSignature signature)
    {
        Span<byte> bytes = stackalloc byte[Size];
        var ok = Hex.TryDecode(hex, bytes);
        signature = ok ? FromBytes(bytes) : default;
        return ok;
    }

    /// <summary>Parses 128 lower-case hex digits, as UTF-8.</summary>
    [SkipLocalsInit]
    public static bool TryParse(ReadOnlySpan<byte> hex, out NostrSignature signature)
    {
        Span<byte> bytes = stackalloc byte[Size];
        var ok = Hex.TryDecode(hex, bytes);
        signature = ok ? FromBytes(bytes) : default;
        return ok;
    }

    /// <summary>Writes 64 bytes.</summary>
    public void CopyTo(Span<byte> destination)
    {
        _r.Write(destination);
        _s.Write(destination[Bytes32.Size..]);
    }

    /// <summary>128 lower-case hex digits.</summary>
    public override string ToString() => _r.ToString() + _s;
}
