using System.Buffers.Binary;
using System.Text;

namespace Bowline.WebRtc;

/// <summary>Reads and writes the data channel establishment protocol (RFC 8832, section 5).</summary>
internal static class DcepCodec
{
    private const byte TypeAck = 0x02;
    private const byte TypeOpen = 0x03;
    private const byte UnorderedBit = 0x80;
    internal const int HeaderSize = 12;

    /// <summary>Bytes of the longest DATA_CHANNEL_OPEN that is sent or taken.</summary>
    internal const int Longest = 64 * 1024;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>DATA_CHANNEL_ACK.</summary>
    internal static ReadOnlySpan<byte> Ack => [TypeAck];

    internal static bool IsAck(ReadOnlySpan<byte> message) => message is [TypeAck, ..];

    internal static int GetSize(in DcepOpen open) => HeaderSize + Encoding.UTF8.GetByteCount(open.Label) + Encoding.UTF8.GetByteCount(open.Protocol);

    /// <summary>Writes DATA_CHANNEL_OPEN; the destination has the size that <see cref="GetSize"/> gave.</summary>
    internal static void WriteOpen(in DcepOpen open, Span<byte> destination)
    {
        destination[0] = TypeOpen;
        destination[1] = (byte)((open.IsOrdered ? 0 : UnorderedBit) | (byte)open.Reliability);
        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], open.Priority);
        BinaryPrimitives.WriteUInt32BigEndian(destination[4..], open.Parameter);
        var label = Encoding.UTF8.GetBytes(open.Label, destination[HeaderSize..]);
        var protocol = Encoding.UTF8.GetBytes(open.Protocol, destination[(HeaderSize + label)..]);
        BinaryPrimitives.WriteUInt16BigEndian(destination[8..], (ushort)label);
        BinaryPrimitives.WriteUInt16BigEndian(destination[10..], (ushort)protocol);
    }

    internal static bool TryReadOpen(ReadOnlySpan<byte> message, out DcepOpen open, out string? problem)
    {
        open = default;
        problem = "no DATA_CHANNEL_OPEN, or one that is cut off";
        if (message.Length < HeaderSize || message[0] != TypeOpen)
        {
            return false;
        }

        int label = BinaryPrimitives.ReadUInt16BigEndian(message[8..]);
        int protocol = BinaryPrimitives.ReadUInt16BigEndian(message[10..]);
        var kind = message[1] & ~UnorderedBit;
        if (kind > (int)DcepReliability.Lifetime || message.Length != HeaderSize + label + protocol)
        {
            problem = "a DATA_CHANNEL_OPEN with an unknown type or lengths that do not fit";
            return false;
        }

        try
        {
            open = new(
                (message[1] & UnorderedBit) == 0,
                (DcepReliability)kind,
                BinaryPrimitives.ReadUInt32BigEndian(message[4..]),
                BinaryPrimitives.ReadUInt16BigEndian(message[2..]),
                Utf8.GetString(message.Slice(HeaderSize, label)),
                Utf8.GetString(message.Slice(HeaderSize + label, protocol)));
        }
        catch (DecoderFallbackException)
        {
            problem = "a DATA_CHANNEL_OPEN whose label or protocol is no UTF-8";
            return false;
        }

        problem = null;
        return true;
    }
}
