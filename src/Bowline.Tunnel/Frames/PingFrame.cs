using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Bowline.Tunnel;

/// <summary>
/// A ping says, stream by stream, what its sender has sent and may receive. Core NATS may lose anything at a reconnect; this is how a lost
/// last frame, a lost reset and a lost window are noticed without another frame of the stream.
/// </summary>
internal static class PingFrame
{
    /// <summary>Streams in one ping: 8 KiB of frame at most.</summary>
    public const int MaxStreams = 512;

    private const int FixedPayload = 24;
    private const int Fixed = FrameHeader.Size + FixedPayload;
    private const int EntrySize = 16;

    [StructLayout(LayoutKind.Auto)]
    public readonly record struct Entry(uint StreamId, uint NextSeq, long ReceiveLimit);

    /// <summary>What the connection as a whole has sent and may receive, in body bytes since its start.</summary>
    [StructLayout(LayoutKind.Auto)]
    public readonly record struct Totals(ulong Boot, long Limit, long Sent);

    public static byte[] Write(uint nonce, Totals totals, ReadOnlySpan<Entry> entries)
    {
        var frame = new byte[Fixed + (entries.Length * EntrySize)];
        new FrameHeader(FrameType.Ping, FrameFlags.None, 0, nonce).Write(frame);
        BinaryPrimitives.WriteUInt64LittleEndian(frame.AsSpan(FrameHeader.Size), totals.Boot);
        BinaryPrimitives.WriteInt64LittleEndian(frame.AsSpan(FrameHeader.Size + 8), totals.Limit);
        BinaryPrimitives.WriteInt64LittleEndian(frame.AsSpan(FrameHeader.Size + 16), totals.Sent);
        var rest = frame.AsSpan(Fixed);
        foreach (var entry in entries)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(rest, entry.StreamId);
            BinaryPrimitives.WriteUInt32LittleEndian(rest[4..], entry.NextSeq);
            BinaryPrimitives.WriteInt64LittleEndian(rest[8..], entry.ReceiveLimit);
            rest = rest[EntrySize..];
        }

        return frame;
    }

    public static bool TryRead(ReadOnlySpan<byte> payload, out Totals totals, out int count)
    {
        totals = default;
        count = 0;
        if (payload.Length < FixedPayload || (payload.Length - FixedPayload) % EntrySize != 0 || (payload.Length - FixedPayload) / EntrySize > MaxStreams)
        {
            return false;
        }

        totals = new(BinaryPrimitives.ReadUInt64LittleEndian(payload), BinaryPrimitives.ReadInt64LittleEndian(payload[8..]), BinaryPrimitives.ReadInt64LittleEndian(payload[16..]));
        count = (payload.Length - FixedPayload) / EntrySize;
        return totals is { Limit: >= 0, Sent: >= 0 };
    }

    public static Entry ReadEntry(ReadOnlySpan<byte> payload, int index)
    {
        var entry = payload.Slice(FixedPayload + (index * EntrySize), EntrySize);
        return new(BinaryPrimitives.ReadUInt32LittleEndian(entry), BinaryPrimitives.ReadUInt32LittleEndian(entry[4..]), BinaryPrimitives.ReadInt64LittleEndian(entry[8..]));
    }
}
