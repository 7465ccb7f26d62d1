namespace Bowline.Tunnel;

internal enum Receipt
{
    Deliver,

    /// <summary>Early during a move: keep it until the frames before it have come over the old connection.</summary>
    Hold,

    /// <summary>Seen already, during a move: forget it.</summary>
    Drop,
    Gap,
    Repeat,
    Overflow,
    AfterEnd,
}

/// <summary>
/// The receiving end of one direction: order, window and its tuning. Pure: no I/O, no lock, time is passed in.
/// Section 5 of docs/protocol/tunnel.md.
/// </summary>
internal sealed class ReceiveSide(long window, long maxWindow)
{
    private readonly WindowTuner _tuner = new(window, maxWindow);

    public uint Next { get; private set; }

    public long Received { get; private set; }

    public long Consumed { get; private set; }

    public long Limit { get; private set; } = window;

    /// <summary>Body bytes of early frames that are held.</summary>
    public long Held { get; private set; }

    /// <summary>What may be under way; it may shrink, but a limit that was given is never taken back.</summary>
    public long Window => _tuner.Window;

    public bool Ended { get; private set; }

    /// <summary>Only while a stream changes connections may frames come early or twice.</summary>
    public bool Moving { get; set; }

    public Receipt Offer(in FrameHeader header, int windowBytes)
    {
        if (header.Seq != Next)
        {
            var early = (int)(header.Seq - Next) > 0;
            if (!Moving)
            {
                return early ? Receipt.Gap : Receipt.Repeat;
            }

            return !early ? Receipt.Drop : Received + Held + windowBytes > Limit ? Receipt.Overflow : Receipt.Hold;
        }

        if (Ended)
        {
            return Receipt.AfterEnd;
        }

        if (Received + windowBytes > Limit)
        {
            return Receipt.Overflow;
        }

        Next++;
        Received += windowBytes;
        Ended = header.End;
        return Receipt.Deliver;
    }

    public void Holding(int bytes) => Held += bytes;

    /// <summary>
    /// The reader took bytes. True when the sender should hear of a new limit: half a window is free. How large the window is, see
    /// <see cref="WindowTuner"/>.
    /// </summary>
    public bool Consume(int bytes, TimeSpan now, TimeSpan roundTrip, bool shared, out long limit)
    {
        Consumed += bytes;
        limit = Limit;
        _tuner.OnConsumed(bytes, now, roundTrip, shared);
        if (Ended || Consumed + Window - Limit < Window / 2)
        {
            return false;
        }

        limit = Limit = Consumed + Window;
        return true;
    }
}
