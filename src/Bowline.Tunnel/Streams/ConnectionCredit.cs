namespace Bowline.Tunnel;

/// <summary>The window that all streams between one client and one server share, both directions. Pure.</summary>
internal sealed class ConnectionCredit(long initial)
{
    private readonly long _window = initial;
    private long _taken;

    /// <summary>What has left. Credit that was taken for a frame which is still on its way into the carrier is not in it: a ping may overtake that frame.</summary>
    public long Sent { get; private set; }

    public long SendLimit { get; private set; } = initial;

    public long Received { get; private set; }

    public long Consumed { get; private set; }

    public long ReceiveLimit { get; private set; } = initial;

    public int Take(int wanted)
    {
        var taken = (int)Math.Clamp(SendLimit - _taken, 0, wanted);
        _taken += taken;
        return taken;
    }

    /// <summary>The carrier took the frame.</summary>
    public void OnSent(int bytes) => Sent += bytes;

    /// <summary>The carrier did not take the frame after all.</summary>
    public void Return(int bytes) => _taken -= bytes;

    public bool Raise(long limit)
    {
        if (limit <= SendLimit)
        {
            return false;
        }

        SendLimit = limit;
        return true;
    }

    public bool Receive(int bytes)
    {
        Received += bytes;
        return Received <= ReceiveLimit;
    }

    /// <summary>True when the sender should hear of the new limit.</summary>
    public bool Consume(long bytes)
    {
        Consumed += bytes;
        if (Consumed + _window - ReceiveLimit < _window / 4)
        {
            return false;
        }

        ReceiveLimit = Consumed + _window;
        return true;
    }

    /// <summary>
    /// The sender says how much it has sent; what we have not seen of it was lost with a connection and will never be read, so it is
    /// given back. Only asked when nothing can be under way on another connection.
    /// </summary>
    public bool Reconcile(long peerSent)
    {
        var lost = peerSent - Received;
        if (lost <= 0)
        {
            return false;
        }

        Received += lost;
        return Consume(lost);
    }
}
