namespace Bowline.Nostr;

/// <summary>A 32-byte x-only public key on secp256k1 (BIP-340), as in an event's <c>pubkey</c>. Not checked to be on the curve before it is used.</summary>
public readonly record struct NostrPublicKey : IComparable<NostrPublicKey>
{
    /// <summary>Bytes of a public key.</summary>
    public const int Size = Bytes32.Size;

    private readonly Bytes32 _value;

    private NostrPublicKey(Bytes32 value) => _value = value;

    /// <summary>Reads 32 bytes.</summary>
    /// <param name="bytes">Exactly 32 bytes.</param>
    /// <exception cref="ArgumentException">Another number of bytes.</exception>
    public static NostrPublicKey FromBytes(ReadOnlySpan<byte> bytes) => bytes.Length == Size
        ? new(Bytes32.Read(bytes))
        : throw new ArgumentException($"A public key has {Size} bytes, not {bytes.Length}.", nameof(bytes));

    /// <summary>Parses 64 lower-case hex digits.</summary>
    /// <exception cref="FormatException">Anything else.</exception>
    public static NostrPublicKey Parse(ReadOnlySpan<char> hex) => TryParse(hex, out var key)
        ? key
        : throw new FormatException("A public key is 64 lower-case hex digits.");

    /// <summary>Parses 64 lower-case hex digits.</summary>
    public static bool TryParse(ReadOnlySpan<char> hex, out NostrPublicKey key)
    {
        var ok = Bytes32.TryParse(hex, out var value);
        key = new(value);
        return ok;
    }

    /// <summary>Parses 64 lower-case hex digits, as UTF-8.</summary>
    public static bool TryParse(ReadOnlySpan<byte> hex, out NostrPublicKey key)
    {
        var ok = Bytes32.TryParse(hex, out var value);
        key = new(value);
        return ok;
    }

    /// <summary>Writes 32 bytes.</summary>
    public void CopyTo(Span<byte> destination) => _value.Write(destination);

    /// <summary>The 32 bytes.</summary>
    public byte[] ToByteArray()
    {
        var bytes = new byte[Size];
        _value.Write(bytes);
        return bytes;
    }

    /// <inheritdoc/>
    public int CompareTo(NostrPublicKey other) => _value.CompareTo(other._value);

    /// <summary>64 lower-case hex digits.</summary>
    public override string ToString() => _value.ToString();

    /// <inheritdoc cref="CompareTo"/>
    public static bool operator <(NostrPublicKey left, NostrPublicKey right) => left.CompareTo(right) < 0;

    /// <inheritdoc cref="CompareTo"/>
    public static bool operator >(NostrPublicKey left, NostrPublicKey right) => left.CompareTo(right) > 0;

    /// <inheritdoc cref="CompareTo"/>
    public static bool operator <=(NostrPublicKey left, NostrPublicKey right) => left.CompareTo(right) <= 0;

    /// <inheritdoc cref="CompareTo"/>
    public static bool operator >=(NostrPublicKey left, NostrPublicKey right) => left.CompareTo(right) >= 0;
}
