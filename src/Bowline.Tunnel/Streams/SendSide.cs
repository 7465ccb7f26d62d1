namespace Bowline.Tunnel;

/// <summary>The sending end of one direction: the next number and the credit. Pure.</summary>
internal sealed class SendSide(long window)
{
    public uint Next { get; private set; }

    public long Sent { get; private set; }

    public long Limit { get; private set; } = window;

    public bool Ended { get; private set; }

    public long Credit => Limit - Sent;

    /// <summary>One ordered frame left.</summary>
    public void OnSent(int windowBytes, bool end)
    {
        Next++;
        Sent += windowBytes;
        Ended |= end;
    }

    /// <summary>A WINDOW frame came; limits only grow, so late and repeated frames change nothing. True when there is new credit.</summary>
    public bool Raise(long limit)
    {
        if (limit <= Limit)
        {
            return false;
        }

        Limit = limit;
        return true;
    }
}
