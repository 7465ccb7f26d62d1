namespace Bowline.WebRtc;

/// <summary>
/// How many packets one acknowledgement is for: two, as RFC 9260 (section 6.2) asks, and four while so many come that the next two are
/// there at once. One costs both sides about as much as a packet of data. Pure.
/// </summary>
internal sealed class AcknowledgementRhythm
{
    internal const int Usual = 2;
    internal const int InTransfer = 4;

    /// <summary>Over how long packets are counted.</summary>
    internal static readonly TimeSpan Window = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// Packets in a <see cref="Window"/> that are a transfer, 10,000 a second. Fewer acknowledgements let the other side's window grow more slowly; at this rate hundreds
    /// of packets are on their way already where a round trip takes tens of milliseconds, and our receive buffer holds no more than 90 ms of them.
    /// </summary>
    internal const int Transfer = 1000;

    private TimeSpan _elapsed;
    private int _packets;

    /// <summary>Packets for an acknowledgement.</summary>
    internal int Packets { get; private set; } = Usual;

    /// <summary>Time has passed, and so many packets have come; true when the number for an acknowledgement is another one now.</summary>
    internal bool Advance(TimeSpan elapsed, int packets)
    {
        _elapsed += elapsed;
        _packets += packets;
        if (_elapsed < Window)
        {
            return false;
        }

        var before = Packets;
        Packets = _packets * Window >= Transfer * _elapsed ? InTransfer : Usual;
        (_elapsed, _packets) = (TimeSpan.Zero, 0);
        return Packets != before;
    }
}
