namespace Bowline.Hub.Presence;

/// <summary>
/// Computes one link's presence from evidence. No flag is stored that could go stale: the state follows from the last proof and
/// its age. Pure: every call says what time it is.
/// </summary>
internal sealed class PresenceMachine
{
    /// <summary>Evidence older than this proves nothing: two unwatched probes (10 s each) and one timeout fit in.</summary>
    public static readonly TimeSpan Stale = TimeSpan.FromSeconds(25);

    /// <summary>After a goodbye or a closed socket, answers and frames that were already under way do not bring a link back.</summary>
    public static readonly TimeSpan Wake = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan ShortestTimeout = TimeSpan.FromMilliseconds(500);

    private Evidence _evidence;
    private LinkState _state;
    private DateTimeOffset _since;
    private DateTimeOffset _lastSign;
    private DateTimeOffset? _left;
    private TimeSpan? _smoothed;

    public PresenceMachine(DateTimeOffset now)
    {
        _evidence = new Evidence(EvidenceMethod.None, now);
        _since = _lastSign = now;
    }

    /// <summary>How long a probe may take: four smoothed round trips, half a second at least.</summary>
    public TimeSpan ProbeTimeout => _smoothed is { } rtt && rtt * 4 > ShortestTimeout ? rtt * 4 : ShortestTimeout;

    /// <summary>The presence at this moment.</summary>
    public PresenceView At(DateTimeOffset now)
    {
        if (_state != LinkState.Unknown && now - _evidence.At > Stale)
        {
            Become(LinkState.Unknown, _evidence.At + Stale);
        }

        return new PresenceView(_state, _since, _evidence);
    }

    /// <summary>A probe that began at <paramref name="startedAt"/> was answered.</summary>
    public void Answered(DateTimeOffset startedAt, DateTimeOffset now)
    {
        var roundTrip = now - startedAt;
        _smoothed = _smoothed is { } s ? (s * 0.875) + (roundTrip * 0.125) : roundTrip;
        Sign(new Evidence(EvidenceMethod.Probe, now, roundTrip), startedAt);
    }

    /// <summary>A frame of the node was seen.</summary>
    public void Traffic(DateTimeOffset now)
    {
        // A probe says more than a frame; the younger of the two is the evidence, but a frame a moment after a probe adds nothing.
        if (_evidence is { Method: EvidenceMethod.Probe } && _state == LinkState.Online && now - _evidence.At < ShortestTimeout)
        {
            _lastSign = now;
            return;
        }

        Sign(new Evidence(EvidenceMethod.Traffic, now), now);
    }

    /// <summary>A probe that began at <paramref name="startedAt"/> found nobody listening.</summary>
    public void NoResponders(DateTimeOffset startedAt, DateTimeOffset now)
    {
        if (_lastSign <= startedAt)
        {
            Take(new Evidence(EvidenceMethod.NoResponders, now));
        }
    }

    /// <summary>A probe that began at <paramref name="startedAt"/> was not answered in time.</summary>
    public void TimedOut(DateTimeOffset startedAt, DateTimeOffset now)
    {
        // A sign of life since then means the node lives and only this answer is late; a known absence is not weakened to a doubt.
        if (_lastSign <= startedAt && !(_left is { } left && left >= startedAt))
        {
            Take(new Evidence(EvidenceMethod.ProbeTimeout, now));
        }
    }

    /// <summary>The hub itself stopped hearing the node's socket, without its close.</summary>
    public void Silent(DateTimeOffset now) => Take(new Evidence(EvidenceMethod.ProbeTimeout, now));

    /// <summary>The node's last socket closed.</summary>
    public void Disconnected(DateTimeOffset now)
    {
        _left = now;
        if (_evidence.Method != EvidenceMethod.Goodbye)
        {
            Take(new Evidence(EvidenceMethod.Disconnected, now));
        }
    }

    /// <summary>The node said that it stops.</summary>
    public void Goodbye(DateTimeOffset now)
    {
        _left = now;
        Take(new Evidence(EvidenceMethod.Goodbye, now));
    }

    /// <summary>The node said that it is here: what follows is news, however soon.</summary>
    public void Here() => _left = null;

    private void Sign(Evidence evidence, DateTimeOffset startedAt)
    {
        if (_left is { } left && startedAt < left + Wake)
        {
            return;
        }

        _left = null;
        _lastSign = evidence.At;
        Take(evidence);
    }

    private void Take(Evidence evidence)
    {
        _ = At(evidence.At); // What went stale meanwhile became unknown first.
        _evidence = evidence;
        Become(evidence.State, evidence.At);
    }

    private void Become(LinkState state, DateTimeOffset at)
    {
        if (_state != state)
        {
            (_state, _since) = (state, at);
        }
    }
}
