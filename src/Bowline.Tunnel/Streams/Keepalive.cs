namespace Bowline.Tunnel;

internal enum KeepaliveStep
{
    None,
    Ping,
    Lost,
}

/// <summary>
/// When to ask the other side for a sign of life and when to give it up. It is asked at every interval, also while it is heard: the
/// answer says what it thinks of each stream, and a stream it lost would never be missed beside others that go on.
/// Pure: times are spans since an arbitrary start.
/// </summary>
internal sealed class Keepalive(TimeSpan interval, int missesAllowed, TimeSpan now)
{
    private TimeSpan _lastPing = now;
    private int _unanswered;

    public TimeSpan NextDue => _lastPing + interval;

    public void Heard() => _unanswered = 0;

    /// <summary>Nobody was watched until now: silence so far means nothing.</summary>
    public void Begin(TimeSpan now)
    {
        Heard();
        _lastPing = now;
    }

    /// <summary>Asks at this time, if not before.</summary>
    public void Hasten(TimeSpan due)
    {
        if (due < NextDue)
        {
            _lastPing = due - interval;
        }
    }

    public KeepaliveStep Step(TimeSpan now)
    {
        if (now < NextDue)
        {
            return KeepaliveStep.None;
        }

        if (_unanswered >= missesAllowed)
        {
            return KeepaliveStep.Lost;
        }

        _unanswered++;
        _lastPing = now;
        return KeepaliveStep.Ping;
    }
}
