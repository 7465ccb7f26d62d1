using System.Buffers.Binary;
using System.Buffers.Text;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Bowline.Tunnel;

/// <summary>
/// One connection of one server: <see cref="Boot"/> is random per server object, <see cref="Number"/> counts its connections.
/// Streams and windows belong to the boot, addresses to the number, so a move changes only the address.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct InstanceId(ulong Boot, uint Number)
{
    public const int Size = 12;

    public string Token => string.Create(CultureInfo.InvariantCulture, $"{Boot:x16}-{Number}");

    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(destination, Boot);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[8..], Number);
    }

    public static bool TryRead(ReadOnlySpan<byte> source, out InstanceId id)
    {
        id = default;
        if (source.Length < Size)
        {
            return false;
        }

        id = new(BinaryPrimitives.ReadUInt64LittleEndian(source), BinaryPrimitives.ReadUInt32LittleEndian(source[8..]));
        return true;
    }

    public static bool TryParse(ReadOnlySpan<byte> token, out InstanceId id)
    {
        id = default;
        if (token.Length < 18 || token[16] != '-' || !Utf8Parser.TryParse(token[..16], out ulong boot, out var used, 'x') || used != 16
            || !Utf8Parser.TryParse(token[17..], out uint number, out used) || used != token.Length - 17)
        {
            return false;
        }

        id = new(boot, number);
        return true;
    }
}
