namespace Bowline.WebRtc;

/// <summary>
/// The newest packets that were held back from a peer under suspicion. They leave when it turns out to be there: without them what they
/// hold would wait for a retransmission timeout. Older ones are let go; those SCTP repeats.
/// </summary>
internal sealed class SuppressedPackets
{
    /// <summary>At one packet for each timeout these are of the last seconds, and hold what was said last.</summary>
    internal const int Most = 4;

    private readonly Queue<byte[]> _kept = new(Most);

    internal void Keep(ReadOnlySpan<byte> packet)
    {
        if (_kept.Count == Most)
        {
            _kept.Dequeue();
        }

        _kept.Enqueue(packet.ToArray());
    }

    internal byte[][] TakeAll()
    {
        byte[][] all = [.. _kept];
        _kept.Clear();
        return all;
    }
}
