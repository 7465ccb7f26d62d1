namespace Bowline.Nostr;

/// <summary>Lower-case hex, the only spelling NIP-01 allows; upper case is refused, so every value has one text.</summary>
internal static class Hex
{
    /// <summary>Writes two digits for each byte.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="destination">At least twice as long.</param>
    public static void Encode(ReadOnlySpan<byte> bytes, Span<char> destination)
    {
        if (!Convert.TryToHexStringLower(bytes, destination, out _))
        {
            throw new ArgumentException("Hex is twice as long as its bytes.", nameof(destination));
        }
    }

    /// <inheritdoc cref="Encode(ReadOnlySpan{byte}, Span{char})"/>
    public static void Encode(ReadOnlySpan<byte> bytes, Span<byte> destination)
    {
        if (!Convert.TryToHexStringLower(bytes, destination, out _))
        {
            throw new ArgumentException("Hex is twice as long as its bytes.", nameof(destination));
        }
    }

    /// <summary>False unless the text fills the destination exactly.</summary>
    public static bool TryDecode(ReadOnlySpan<char> hex, Span<byte> destination) =>
        hex.Length == 2 * destination.Length
        && !hex.ContainsAnyInRange('A', 'F')
        && Convert.FromHexString(hex, destination, out _, out _) == System.Buffers.OperationStatus.Done;

    /// <summary>False unless the text fills the destination exactly.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> hex, Span<byte> destination) =>
        hex.Length == 2 * destination.Length
        && !hex.ContainsAnyInRange((byte)'A', (byte)'F')
        && Convert.FromHexString(hex, destination, out _, out _) == System.Buffers.OperationStatus.Done;
}
