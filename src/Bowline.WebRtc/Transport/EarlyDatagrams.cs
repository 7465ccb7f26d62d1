namespace Bowline.WebRtc;

/// <summary>Datagrams of the handshake that came before this side could use them. A lost one would cost a repetition; more than a flight is dropped.</summary>
internal sealed class EarlyDatagrams
{
    internal const int Most = 16;

    private readonly Queue<byte[]> _kept = new();

    internal bool TryKeep(ReadOnlySpan<byte> datagram)
    {
        if (_kept.Count >= Most)
        {
            return false;
        }

        _kept.Enqueue(datagram.ToArray());
        return true;
    }

    internal bool TryTake(out byte[]? datagram) => _kept.TryDequeue(out datagram);
}
