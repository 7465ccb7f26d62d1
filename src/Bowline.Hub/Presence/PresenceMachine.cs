namespace Bowline.Hub.Presence;

/// <summary>
/// Decides a link's presence from evidence: <c>(state, event, now) -> (state, effects)</c>. Pure. No flag is stored that could go stale: the
/// state shown follows from the last proof, its age, and whether the hub itself could see in the meantime.
/// </summary>
internal static class PresenceMachine
{
    /// <summary>Takes one event. The shell carries out the effects in order, and ticks when <see cref="PresenceState.Due"/> has come.</summary>
    public static (PresenceState State, IReadOnlyList<PresenceEffect> Effects) Step(PresenceState state, PresenceEvent happened, Reading now)
    {
        var effects = new List<PresenceEffect>();
        var next = WasHeld(state, now) ? Doubt(state, now, effects) : state;
        next = Age(next, now);
        next = Take(next, happened, now, effects);
        next = Overdue(next, now, effects);
        next = Shown(next, now);
        next = Schedule(next with { Last = now }, now, effects);
        if (next.View != state.View)
        {
            effects.Add(new PresenceEffect.Show());
        }

        return (next, effects);
    }

    private static PresenceState Take(PresenceState s, PresenceEvent happened, Reading now, List<PresenceEffect> effects) => happened switch
    {
        PresenceEvent.ProbeEnded ended => s.Probe is { } probe && probe.Id == ended.Id
            ? Ended(s with { Probe = null }, ended.Outcome, ended.RoundTrip, probe, now, effects)
            : s, // It was given up; whatever it found is about another time.
        PresenceEvent.Traffic => Heard(s, now),
        PresenceEvent.SocketClosed => Closed(s, now),
        PresenceEvent.Goodbye => Stopped(s, now),
        PresenceEvent.Here => Restart(s with { ProbesFrom = TimeSpan.MinValue, FramesFrom = TimeSpan.MinValue }, now, effects),
        PresenceEvent.Doubt => Restart(s, now, effects),
        PresenceEvent.Asked => s.Probe is null ? s with { NextProbe = now.Steady } : s,
        PresenceEvent.Watched watched => Watch(s, watched.IsWatched, now),
        PresenceEvent.Blind => Doubt(s, now, effects),
        _ => s,
    };

    /// <summary>
    /// True when the hub was frozen or slept: it comes later than it asked to, or its clocks have parted. Then it is the hub that missed
    /// answers and closed sockets, and not the nodes that failed.
    /// </summary>
    private static bool WasHeld(PresenceState s, Reading now)
    {
        var parted = (now.Wall - s.Last.Wall) - (now.Steady - s.Last.Steady);
        return parted.Duration() > PresenceTimings.StallTolerance || now.Steady - s.Due > PresenceTimings.StallTolerance;
    }

    /// <summary>Nothing known before counts any more, and a new probe is due at once.</summary>
    private static PresenceState Doubt(PresenceState s, Reading now, List<PresenceEffect> effects) =>
        GiveUp(s, effects) with { DoubtedAt = now.Steady, NextProbe = now.Steady };

    private static PresenceState Ended(PresenceState s, ProbeOutcome outcome, TimeSpan roundTrip, ProbeUnderWay probe, Reading now, List<PresenceEffect> effects) => outcome switch
    {
        ProbeOutcome.Answered => Answered(s, probe, roundTrip, now),
        ProbeOutcome.NoResponders when s.LastSign <= probe.StartedAt => Absent(s, EvidenceMethod.NoResponders, now),

        // A sign of life since then means that only this answer is late, and a node that left may well ignore what reached it last.
        ProbeOutcome.TimedOut when s.LastSign <= probe.StartedAt && probe.StartedAt > s.ProbesFrom => Absent(s, EvidenceMethod.ProbeTimeout, now),
        ProbeOutcome.Impossible => Doubt(s, now, effects) with { NextProbe = probe.StartedAt + PresenceTimings.WatchedPace },
        _ => s,
    };

    private static PresenceState Overdue(PresenceState s, Reading now, List<PresenceEffect> effects) => s.Probe is { } probe && now.Steady >= probe.GivenUpAt
        ? Ended(GiveUp(s, effects), ProbeOutcome.TimedOut, default, probe, now, effects)
        : s;

    private static PresenceState Answered(PresenceState s, ProbeUnderWay probe, TimeSpan roundTrip, Reading now)
    {
        var smoothed = s.Smoothed is { } old ? old + ((roundTrip - old) / 8) : roundTrip;
        return probe.StartedAt <= s.ProbesFrom
            ? s with { Smoothed = smoothed }
            : Proved(s with { Smoothed = smoothed, RoundTrip = new(roundTrip, now.Wall), LastSign = now.Steady, FramesFrom = TimeSpan.MinValue }, new Evidence(EvidenceMethod.Probe, now.Wall, roundTrip), now);
    }

    /// <summary>While the hub doubts itself, frames may have waited in its own buffers, so they prove nothing.</summary>
    private static PresenceState Heard(PresenceState s, Reading now)
    {
        if (s.DoubtedAt is not null || now.Steady < s.FramesFrom)
        {
            return s;
        }

        var heard = s with { LastSign = now.Steady };
        return s.State == LinkState.Online && now.Steady - s.EvidenceAt < PresenceTimings.TrafficPace
            ? heard
            : Proved(heard, new Evidence(EvidenceMethod.Traffic, now.Wall), now);
    }

    /// <summary>Its own word; nothing the hub missed can make it untrue. It still answers for a moment while it stops.</summary>
    private static PresenceState Stopped(PresenceState s, Reading now)
    {
        var end = now.Steady + PresenceTimings.Linger;
        return Proved(s with { ProbesFrom = end, FramesFrom = end }, new Evidence(EvidenceMethod.Goodbye, now.Wall), now);
    }

    private static PresenceState Closed(PresenceState s, Reading now)
    {
        var left = s with { ProbesFrom = Later(s.ProbesFrom, now.Steady), FramesFrom = now.Steady + PresenceTimings.Linger };

        // The socket closes after a goodbye; the goodbye says more.
        return s.State == LinkState.Offline && s.Evidence.Method == EvidenceMethod.Goodbye ? left : Absent(left, EvidenceMethod.Disconnected, now);
    }

    /// <summary>Just after the hub was frozen or cut off the nodes are still on their way back, and silence is no proof.</summary>
    private static PresenceState Absent(PresenceState s, EvidenceMethod method, Reading now) =>
        s.DoubtedAt is { } doubted && now.Steady - doubted < PresenceTimings.Grace ? s : Proved(s, new Evidence(method, now.Wall), now);

    private static PresenceState Proved(PresenceState s, Evidence evidence, Reading now) => s with
    {
        Evidence = evidence,
        EvidenceAt = now.Steady,
        DoubtedAt = null,
        NextProbe = s.DoubtedAt is not null && !s.IsWatched ? now.Steady + PresenceTimings.UnwatchedPace : s.NextProbe, // The hurry is over.
    };

    /// <summary>A new probe in place of the one under way, which may have gone to a connection that is no more.</summary>
    private static PresenceState Restart(PresenceState s, Reading now, List<PresenceEffect> effects)
    {
        var spaced = Later(now.Steady, s.LastProbeAt == TimeSpan.MinValue ? now.Steady : s.LastProbeAt + PresenceTimings.ProbeSpacing);
        return s.Probe is not null && spaced > now.Steady ? s : GiveUp(s, effects) with { NextProbe = spaced };
    }

    private static PresenceState GiveUp(PresenceState s, List<PresenceEffect> effects)
    {
        if (s.Probe is not { } probe)
        {
            return s;
        }

        effects.Add(new PresenceEffect.CancelProbe(probe.Id));
        return s with { Probe = null };
    }

    private static PresenceState Watch(PresenceState s, bool watched, Reading now) => s.IsWatched == watched ? s
        : watched ? s with { IsWatched = true, NextProbe = s.Probe is { } probe ? probe.StartedAt + PresenceTimings.WatchedPace : now.Steady }
        : s with { IsWatched = false, NextProbe = now.Steady + PresenceTimings.UnwatchedPace };

    /// <summary>What went stale before this event became unknown at its own time, not now.</summary>
    private static PresenceState Age(PresenceState s, Reading now)
    {
        var late = now.Steady - (s.EvidenceAt + PresenceTimings.EvidenceLife);
        return late >= TimeSpan.Zero && s.State != LinkState.Unknown && !IsDoubted(s)
            ? s with { State = LinkState.Unknown, Since = Later(now.Wall - late, s.Since) }
            : s;
    }

    private static PresenceState Shown(PresenceState s, Reading now)
    {
        var fresh = !IsDoubted(s) && now.Steady - s.EvidenceAt < PresenceTimings.EvidenceLife;
        var shown = fresh ? s.Evidence.State : LinkState.Unknown;
        return shown == s.State ? s : s with { State = shown, Since = now.Wall };
    }

    private static bool IsDoubted(PresenceState s) => s.DoubtedAt is { } doubted && s.EvidenceAt <= doubted;

    private static PresenceState Schedule(PresenceState s, Reading now, List<PresenceEffect> effects)
    {
        if (s.Probe is null && now.Steady >= s.NextProbe)
        {
            var probe = new ProbeUnderWay(s.LastProbe + 1, now.Steady, s.ProbeTimeout);
            effects.Add(new PresenceEffect.StartProbe(probe.Id, probe.Timeout));
            var pace = s.IsWatched || s.DoubtedAt is not null ? PresenceTimings.WatchedPace : PresenceTimings.UnwatchedPace;
            s = s with { Probe = probe, LastProbe = probe.Id, LastProbeAt = now.Steady, NextProbe = now.Steady + pace };
        }

        var due = s.Probe is { } running ? running.GivenUpAt : s.NextProbe;
        var stale = s.EvidenceAt + PresenceTimings.EvidenceLife;
        return s with { Due = Earlier(s.State != LinkState.Unknown ? Earlier(due, stale) : due, now.Steady + PresenceTimings.UnwatchedPace) };
    }

    private static TimeSpan Earlier(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private static TimeSpan Later(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;
}
