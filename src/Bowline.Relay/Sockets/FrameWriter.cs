using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Bowline.Nostr;

namespace Bowline.Relay;

/// <summary>Writes frames to a client (RFC 6455, section 5.2; a server does not mask).</summary>
internal static class FrameWriter
{
    private const int LongestHead = 10;
    private const int LongestReason = 123;

    public static void WriteMessage(PooledBuffer destination, RelayMessage message)
    {
        // The length stands before the text and decides the length of the head, so the text is written first and moved.
        var start = destination.Length;
        destination.GetSpan(LongestHead);
        destination.Advance(LongestHead);
        RelayMessageWriter.Write(destination, message);
        var payload = destination.Written.Span[(start + LongestHead)..];
        Span<byte> head = stackalloc byte[LongestHead];
        var headLength = WriteHead(head, FrameKind.Text, payload.Length);
        payload.CopyTo(destination.Written.Span[(start + headLength)..]);
        head[..headLength].CopyTo(destination.Written.Span[start..]);
        destination.Truncate(start + headLength + payload.Length);
    }

    /// <summary>An EVENT of parts that are there already.</summary>
    public static void WriteEvent(PooledBuffer destination, ReadOnlySpan<byte> head, ReadOnlySpan<byte> json)
    {
        var length = head.Length + json.Length + 1;
        destination.Advance(WriteHead(destination.GetSpan(LongestHead), FrameKind.Text, length));
        destination.Write(head);
        destination.Write(json);
        destination.Write("]"u8);
    }

    public static void WriteControl(PooledBuffer destination, FrameKind kind, ReadOnlySpan<byte> payload)
    {
        destination.Advance(WriteHead(destination.GetSpan(LongestHead), kind, payload.Length));
        destination.Write(payload);
    }

    /// <summary>The payload of a close.</summary>
    public static byte[] ClosePayload(int status, string reason)
    {
        var text = Encoding.UTF8.GetBytes(reason);
        var length = Math.Min(text.Length, LongestReason);
        var payload = new byte[2 + length];
        BinaryPrimitives.WriteUInt16BigEndian(payload, (ushort)status);
        text.AsSpan(0, length).CopyTo(payload.AsSpan(2));
        return payload;
    }

    private static int WriteHead(Span<byte> destination, FrameKind kind, int length)
    {
        destination[0] = (byte)(0x80 | (int)kind);
        switch (length)
        {
            case < 126:
                destination[1] = (byte)length;
                return 2;
            case <= ushort.MaxValue:
                destination[1] = 126;
                BinaryPrimitives.WriteUInt16BigEndian(destination[2..], (ushort)length);
                return 4;
            default:
                destination[1] = 127;
                BinaryPrimitives.WriteUInt64BigEndian(destination[2..], (ulong)length);
                return 10;
        }
    }
}
