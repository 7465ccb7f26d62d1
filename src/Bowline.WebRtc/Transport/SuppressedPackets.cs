namespace Bowline.WebRtc;

/// <summary>
/// The newest packets that were held back from a peer under suspicion. They leave when it turns out to be there: without them what they
/// hold would wait for a retransmission timeout. Older ones are let go; those SCTP repeats.
/// </summary>
internal sealed class SuppressedPackets
{
    /// <summary>Packets, each of them once: enough for what a talk says into a silence, and no burst for a peer that is just back.</summary>
    internal const int Most = 4;

    private readonly List<byte[]> _kept = new(Most);

    internal void Keep(ReadOnlySpan<byte> packet)
    {
        var at = 0;
        while (at < _kept.Count && !packet.SequenceEqual(_kept[at]))
        {
            at++;
        }

        if (at < _kept.Count)
        {
            _kept.RemoveAt(at); // The same once more, as each timeout repeats it, leaves the others their places.
        }
        else if (_kept.Count == Most)
        {
            _kept.RemoveAt(0);
        }

        _kept.Add(packet.ToArray());
    }

    internal byte[][] TakeAll()
    {
        byte[][] all = [.. _kept];
        _kept.Clear();
        return all;
    }
}
