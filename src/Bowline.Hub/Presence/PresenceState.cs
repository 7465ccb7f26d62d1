using System.Runtime.InteropServices;

namespace Bowline.Hub.Presence;

/// <summary>Everything a link's presence remembers between two events. The state that is shown follows from the evidence.</summary>
internal sealed record PresenceState
{
    /// <summary>Nothing is known yet; the first probe is due.</summary>
    public PresenceState(Reading now)
    {
        Evidence = new Evidence(EvidenceMethod.None, now.Wall);
        EvidenceAt = now.Steady;
        Since = now.Wall;
        LastSign = LastProbeAt = ProbesFrom = FramesFrom = TimeSpan.MinValue;
        Last = now;
        NextProbe = now.Steady;
        Due = now.Steady;
    }

    /// <summary>The last proof.</summary>
    public Evidence Evidence { get; init; }

    /// <summary>When it was made, on the steady clock.</summary>
    public TimeSpan EvidenceAt { get; init; }

    /// <summary>The state shown.</summary>
    public LinkState State { get; init; }

    /// <summary>Since when it is shown.</summary>
    public DateTimeOffset Since { get; init; }

    /// <summary>The round trip of the last probe that proved something.</summary>
    public RoundTrip? RoundTrip { get; init; }

    /// <summary>The round trip as TCP smooths it; null before the first answer.</summary>
    public TimeSpan? Smoothed { get; init; }

    /// <summary>When the node was heard last.</summary>
    public TimeSpan LastSign { get; init; }

    /// <summary>Probes that began before this do not count: the node has left since.</summary>
    public TimeSpan ProbesFrom { get; init; }

    /// <summary>Frames before this do not count: they were under way when the node left.</summary>
    public TimeSpan FramesFrom { get; init; }

    /// <summary>The hub doubts its own eyes since then: older evidence counts no more, and absences within the grace after it prove nothing.</summary>
    public TimeSpan? DoubtedAt { get; init; }

    /// <summary>True while somebody looks.</summary>
    public bool IsWatched { get; init; }

    /// <summary>The one probe under way.</summary>
    public ProbeUnderWay? Probe { get; init; }

    /// <summary>The id of the last probe.</summary>
    public long LastProbe { get; init; }

    /// <summary>When the last probe began.</summary>
    public TimeSpan LastProbeAt { get; init; }

    /// <summary>When the next probe begins, unless one is under way.</summary>
    public TimeSpan NextProbe { get; init; }

    /// <summary>The clocks at the last event.</summary>
    public Reading Last { get; init; }

    /// <summary>When the next tick is wanted.</summary>
    public TimeSpan Due { get; init; }

    /// <summary>How long a probe may take now.</summary>
    public TimeSpan ProbeTimeout => Smoothed is not { } rtt ? PresenceTimings.ShortestTimeout
        : TimeSpan.FromTicks(Math.Clamp(rtt.Ticks * 4, PresenceTimings.ShortestTimeout.Ticks, PresenceTimings.LongestTimeout.Ticks));

    /// <summary>What is shown.</summary>
    public PresenceView View => new(State, Since, Evidence, RoundTrip);
}

/// <summary>A probe that has begun.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ProbeUnderWay(long Id, TimeSpan StartedAt, TimeSpan Timeout)
{
    /// <summary>When it counts as not answered even if nobody says so.</summary>
    public TimeSpan GivenUpAt => StartedAt + Timeout + PresenceTimings.ProbeSlack;
}
