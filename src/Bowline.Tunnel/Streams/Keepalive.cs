namespace Bowline.Tunnel;

internal enum KeepaliveStep
{
    None,
    Ping,
    Lost,
}

/// <summary>When to ask the other side for a sign of life and when to give it up. Pure: times are spans since an arbitrary start.</summary>
internal sealed class Keepalive(TimeSpan interval, int missesAllowed, TimeSpan now)
{
    private TimeSpan _lastHeard = now;
    private TimeSpan _lastPing = now;
    private int _unanswered;

    public TimeSpan NextDue => (_lastHeard > _lastPing ? _lastHeard : _lastPing) + interval;

    public void Heard(TimeSpan now)
    {
        _lastHeard = now;
        _unanswered = 0;
    }

    /// <summary>Nobody was watched until now: silence so far means nothing.</summary>
    public void Begin(TimeSpan now)
    {
        Heard(now);
        _lastPing = now;
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
