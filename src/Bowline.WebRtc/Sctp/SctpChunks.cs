using System.Buffers.Binary;

namespace Bowline.WebRtc;

/// <summary>The chunks of an SCTP packet (RFC 9260, section 3).</summary>
internal static class SctpChunks
{
    internal const int CommonHeader = 12;
    internal const byte Data = 0;
    internal const byte InterleavedData = 64;
    internal const byte Init = 1;
    internal const byte InitAck = 2;
    internal const byte Acknowledgement = 3; // SACK
    internal const byte Reconfiguration = 130; // RE-CONFIG, RFC 6525

    /// <summary>What is behind the common header.</summary>
    internal static ReadOnlySpan<byte> Of(ReadOnlySpan<byte> packet) => packet.Length < CommonHeader ? default : packet[CommonHeader..];

    /// <summary>Takes the first chunk off, with its padding; false at the end, and where the lengths do not fit.</summary>
    internal static bool TryTake(ref ReadOnlySpan<byte> chunks, out ReadOnlySpan<byte> chunk)
    {
        chunk = default;
        if (chunks.Length < 4)
        {
            return false;
        }

        var length = Math.Max(BinaryPrimitives.ReadUInt16BigEndian(chunks[2..]), (ushort)4) + 3 & ~3;
        chunk = chunks[..Math.Min(length, chunks.Length)];
        chunks = chunks[chunk.Length..];
        return true;
    }
}
