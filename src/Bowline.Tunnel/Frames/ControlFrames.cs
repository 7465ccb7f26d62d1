using System.Buffers.Binary;

namespace Bowline.Tunnel;

/// <summary>Builds and reads the small frames that travel outside the order. Bodies are fixed, so each is one array of a few bytes.</summary>
internal static class ControlFrames
{
    public const int WindowSize = FrameHeader.Size + 16;
    public const int ResetSize = FrameHeader.Size + 10;

    public static byte[] Accept(uint streamId, InstanceId instance) => WithInstance(FrameType.Accept, streamId, 0, instance);

    public static byte[] Move(uint streamId, uint nextSeq, InstanceId instance) => WithInstance(FrameType.Move, streamId, nextSeq, instance);

    public static byte[] GoAway(InstanceId instance) => WithInstance(FrameType.GoAway, 0, 0, instance);

    /// <summary>The limit is the count of body bytes that may be sent since the start, so a lost or repeated frame does no harm.</summary>
    public static void Window(Span<byte> frame, uint streamId, long limit, ulong boot)
    {
        new FrameHeader(FrameType.Window, FrameFlags.None, streamId, 0).Write(frame);
        BinaryPrimitives.WriteInt64LittleEndian(frame[FrameHeader.Size..], limit);
        BinaryPrimitives.WriteUInt64LittleEndian(frame[(FrameHeader.Size + 8)..], boot);
    }

    public static bool TryReadWindow(ReadOnlySpan<byte> payload, out long limit, out ulong boot)
    {
        limit = 0;
        boot = 0;
        if (payload.Length != 16)
        {
            return false;
        }

        limit = BinaryPrimitives.ReadInt64LittleEndian(payload);
        boot = BinaryPrimitives.ReadUInt64LittleEndian(payload[8..]);
        return limit >= 0;
    }

    /// <summary><paramref name="info"/> is the sender's unix time in milliseconds; <see cref="ResetCode.Expired"/> needs it.</summary>
    public static void Reset(Span<byte> frame, uint streamId, ResetCode code, long info)
    {
        new FrameHeader(FrameType.Reset, FrameFlags.None, streamId, 0).Write(frame);
        BinaryPrimitives.WriteUInt16LittleEndian(frame[FrameHeader.Size..], (ushort)code);
        BinaryPrimitives.WriteInt64LittleEndian(frame[(FrameHeader.Size + 2)..], info);
    }

    public static bool TryReadReset(ReadOnlySpan<byte> payload, out ResetCode code, out long info)
    {
        code = default;
        info = 0;
        if (payload.Length != 10)
        {
            return false;
        }

        code = (ResetCode)BinaryPrimitives.ReadUInt16LittleEndian(payload);
        info = BinaryPrimitives.ReadInt64LittleEndian(payload[2..]);
        return true;
    }

    public static void Pong(Span<byte> frame, uint nonce, ulong boot, long unixMs)
    {
        new FrameHeader(FrameType.Pong, FrameFlags.None, 0, nonce).Write(frame);
        BinaryPrimitives.WriteUInt64LittleEndian(frame[FrameHeader.Size..], boot);
        BinaryPrimitives.WriteInt64LittleEndian(frame[(FrameHeader.Size + 8)..], unixMs);
    }

    public static bool TryReadPong(ReadOnlySpan<byte> payload, out ulong boot, out long unixMs)
    {
        var ok = payload.Length == 16;
        boot = ok ? BinaryPrimitives.ReadUInt64LittleEndian(payload) : 0;
        unixMs = ok ? BinaryPrimitives.ReadInt64LittleEndian(payload[8..]) : 0;
        return ok;
    }

    private static byte[] WithInstance(FrameType type, uint streamId, uint seq, InstanceId instance)
    {
        var frame = new byte[FrameHeader.Size + InstanceId.Size];
        new FrameHeader(type, FrameFlags.None, streamId, seq).Write(frame);
        instance.Write(frame.AsSpan(FrameHeader.Size));
        return frame;
    }
}
