using System.Buffers.Binary;

namespace Bowline.WebRtc;

/// <summary>Counts what leaves: packets, bytes, and the data chunks that were sent before (RFC 9260, sections 3.2 and 3.3.1). Not thread-safe: called under the association's lock.</summary>
internal sealed class SctpPacketWatch
{
    private bool _hasSent;
    private uint _highestTsn;

    internal long Packets { get; private set; }

    internal long Bytes { get; private set; }

    internal long Retransmits { get; private set; }

    internal void Sent(ReadOnlySpan<byte> packet)
    {
        Packets++;
        Bytes += packet.Length;
        var chunks = SctpChunks.Of(packet);
        while (SctpChunks.TryTake(ref chunks, out var chunk))
        {
            if (chunk[0] is SctpChunks.Data or SctpChunks.InterleavedData && chunk.Length >= 8)
            {
                Count(BinaryPrimitives.ReadUInt32BigEndian(chunk[4..]));
            }
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
