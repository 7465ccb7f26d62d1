using System.Buffers.Binary;

namespace Bowline.WebRtc;

/// <summary>Counts what leaves: packets, bytes, and the data chunks that were sent before (RFC 9260, sections 3.2 and 3.3.1). Not thread-safe: called under the association's lock.</summary>
internal sealed class SctpPacketWatch
{
    private const int CommonHeader = 12;
    private const byte Data = 0;
    private const byte InterleavedData = 64;

    private bool _hasSent;
    private uint _highestTsn;

    internal long Packets { get; private set; }

    internal long Bytes { get; private set; }

    internal long Retransmits { get; private set; }

    internal void Sent(ReadOnlySpan<byte> packet)
    {
        Packets++;
        Bytes += packet.Length;
        var rest = packet.Length < CommonHeader ? default : packet[CommonHeader..];
        while (rest.Length >= 8)
        {
            int length = BinaryPrimitives.ReadUInt16BigEndian(rest[2..]);
            if (rest[0] is Data or InterleavedData)
            {
                Count(BinaryPrimitives.ReadUInt32BigEndian(rest[4..]));
            }

            length = Math.Max(length, 4) + 3 & ~3;
            rest = length >= rest.Length ? default : rest[length..];
        }
    }

    private void Count(uint tsn)
    {
        if (!_hasSent || (int)(tsn - _highestTsn) > 0)
        {
            (_hasSent, _highestTsn) = (true, tsn);
        }
        else
        {
            Retransmits++;
        }
    }
}
