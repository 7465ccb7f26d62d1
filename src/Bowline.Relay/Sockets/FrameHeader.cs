using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Bowline.Relay;

/// <summary>The head of a frame from a client (RFC 6455, section 5.2).</summary>
internal readonly record struct FrameHeader(FrameKind Kind, bool IsFinal, int Length, ulong PayloadLength, uint Mask)
{
    /// <summary>The longest head: two bytes, eight of length, four of mask.</summary>
    public const int MaxLength = 14;

    /// <summary>True for ping, pong and close.</summary>
    public bool IsControl => (int)Kind >= 8;

    /// <summary>Reads a head; false when bytes are missing. What is wrong with it is in <paramref name="problem"/>.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out FrameHeader header, out string? problem)
    {
        header = default;
        problem = null;
        if (bytes.Length < 2)
        {
            return false;
        }

        var kind = (FrameKind)(bytes[0] & 0x0F);
        var isFinal = (bytes[0] & 0x80) != 0;
        var shortLength = bytes[1] & 0x7F;
        problem = (bytes[0] & 0x70) != 0 ? "reserved bits are set"
            : (bytes[1] & 0x80) == 0 ? "the frame is not masked"
            : kind is not (FrameKind.Continuation or FrameKind.Text or FrameKind.Binary or FrameKind.Close or FrameKind.Ping or FrameKind.Pong) ? "unknown opcode"
            : (int)kind >= 8 && (!isFinal || shortLength > 125) ? "a control frame is long or in pieces"
            : null;
        var length = shortLength switch { 126 => 8, 127 => 14, _ => 6 };
        if (problem is not null || bytes.Length < length)
        {
            return problem is not null;
        }

        var payload = shortLength switch
        {
            126 => BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]),
            127 => BinaryPrimitives.ReadUInt64BigEndian(bytes[2..]),
            _ => (ulong)shortLength,
        };
        header = new(kind, isFinal, length, payload, MemoryMarshal.Read<uint>(bytes[(length - 4)..]));
        return true;
    }

    /// <summary>Takes the mask off, in place.</summary>
    public static void Unmask(Span<byte> payload, uint mask)
    {
        var wide = mask | ((ulong)mask << 32);
        var words = MemoryMarshal.Cast<byte, ulong>(payload);
        for (var i = 0; i < words.Length; i++)
        {
            words[i] ^= wide;
        }

        Span<byte> bytes = stackalloc byte[4];
        MemoryMarshal.Write(bytes, mask);
        for (var i = words.Length * sizeof(ulong); i < payload.Length; i++)
        {
            payload[i] ^= bytes[i & 3];
        }
    }
}

/// <summary>Opcodes of frames.</summary>
internal enum FrameKind
{
    Continuation = 0,
    Text = 1,
    Binary = 2,
    Close = 8,
    Ping = 9,
    Pong = 10,
}
