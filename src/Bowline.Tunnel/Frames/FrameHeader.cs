using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Bowline.Tunnel;

/// <summary>The 12 bytes in front of every frame: type, flags, reserved (0), stream id, seq; little endian.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct FrameHeader(FrameType Type, FrameFlags Flags, uint StreamId, uint Seq)
{
    public const int Size = 12;

    public bool End => Flags.HasFlag(FrameFlags.End);

    /// <summary>Open, head, data and trailers are numbered; all others travel outside the order.</summary>
    public bool IsOrdered => Type is FrameType.Open or FrameType.Head or FrameType.Data or FrameType.Trailers;

    public void Write(Span<byte> destination)
    {
        destination[0] = (byte)Type;
        destination[1] = (byte)Flags;
        BinaryPrimitives.WriteUInt16LittleEndian(destination[2..], 0);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[4..], StreamId);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[8..], Seq);
    }

    public static bool TryRead(ReadOnlySpan<byte> frame, out FrameHeader header)
    {
        header = default;
        if (frame.Length < Size || BinaryPrimitives.ReadUInt16LittleEndian(frame[2..]) != 0)
        {
            return false;
        }

        header = new((FrameType)frame[0], (FrameFlags)frame[1],
            BinaryPrimitives.ReadUInt32LittleEndian(frame[4..]), BinaryPrimitives.ReadUInt32LittleEndian(frame[8..]));
        return header.IsValid();
    }

    private bool IsValid() => Type switch
    {
        FrameType.Open or FrameType.Head or FrameType.Data => StreamId != 0 && Flags is (FrameFlags.None or FrameFlags.End),
        FrameType.Trailers => StreamId != 0 && Flags is FrameFlags.End,
        FrameType.Accept or FrameType.Reset or FrameType.Move => StreamId != 0 && Flags is FrameFlags.None,
        FrameType.Window => Flags is FrameFlags.None,
        FrameType.Ping or FrameType.Pong or FrameType.GoAway => StreamId == 0 && Flags is FrameFlags.None,
        _ => false,
    };
}
