namespace Bowline.WebRtc;

/// <summary>
/// What a thread sends by one path while it is inside a burst leaves together at its end. Bursts are short (one call of usrsctp, one turn
/// of an I/O loop) and wait for nothing once something has been sent in them; one inside another is part of it.
/// </summary>
internal readonly ref struct SendBurst : IDisposable
{
    [ThreadStatic]
    private static int _depth;

    [ThreadStatic]
    private static IceSender? _sender;

    internal static SendBurst Begin()
    {
        _depth++;
        return default;
    }

    /// <summary>The thread works for this path now: what waits for another one leaves. False when there is no burst.</summary>
    internal static bool TryJoin(IceSender sender)
    {
        if (_depth == 0)
        {
            return false;
        }

        if (!ReferenceEquals(_sender, sender))
        {
            Flush();
            _sender = sender;
        }

        return true;
    }

    public void Dispose()
    {
        if (--_depth == 0)
        {
            Flush();
        }
    }

    private static void Flush()
    {
        var sender = _sender;
        _sender = null;
        sender?.Flush();
    }
}
