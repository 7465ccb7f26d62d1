namespace Bowline.Nostr;

/// <summary>The id of an event: the SHA-256 of its canonical serialisation (NIP-01). Ordered as its hex text is.</summary>
public readonly record struct EventId : IComparable<EventId>
{
    /// <summary>Bytes of an id.</summary>
    public const int Size = Bytes32.Size;

    private readonly Bytes32 _value;

    private EventId(Bytes32 value) => _value = value;

    /// <summary>Reads 32 bytes.</summary>
    /// <param name="bytes">Exactly 32 bytes.</param>
    /// <exception cref="ArgumentException">Another number of bytes.</exception>
    public static EventId FromBytes(ReadOnlySpan<byte> bytes) => bytes.Length == Size
        ? new(Bytes32.Read(bytes))
        : throw new ArgumentException($"An event id has {Size} bytes, not {bytes.Length}.", nameof(bytes));

    /// <summary>Parses 64 lower-case hex digits.</summary>
    /// <exception cref="FormatException">Anything else.</exception>
    public static EventId Parse(ReadOnlySpan<char> hex) => TryParse(hex, out var id)
        ? id
        : throw new FormatException("An event id is 64 lower-case hex digits.");

    /// <summary>Parses 64 lower-case hex digits.</summary>
    public static bool TryParse(ReadOnlySpan<char> hex, out EventId id)
    {
        var ok = Bytes32.TryParse(hex, out var value);
        id = new(value);
        return ok;
    }

    /// <summary>Parses 64 lower-case hex digits, as UTF-8.</summary>
    public static bool TryParse(ReadOnlySpan<byte> hex, out EventId id)
    {
        var ok = Bytes32.TryParse(hex, out var value);
        id = new(value);
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
    public int CompareTo(EventId other) => _value.CompareTo(other._value);

    /// <summary>64 lower-case hex digits.</summary>
    public override string ToString() => _value.ToString();

    /// <inheritdoc cref="CompareTo"/>
    public static bool operator <(EventId left, EventId right) => left.CompareTo(right) < 0;

    /// <inheritdoc cref="CompareTo"/>
    public static bool operator >(EventId left, EventId right) => left.CompareTo(right) > 0;

    /// <inheritdoc cref="CompareTo"/>
    public static bool operator <=(EventId left, EventId right) => left.CompareTo(right) <= 0;

    /// <inheritdoc cref="CompareTo"/>
    public static bool operator >=(EventId left, EventId right) => left.CompareTo(right) >= 0;
}
