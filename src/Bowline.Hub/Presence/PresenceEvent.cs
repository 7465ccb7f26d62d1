namespace Bowline.Hub.Presence;

/// <summary>What happens to a link, as its presence sees it.</summary>
internal abstract record PresenceEvent
{
    /// <summary>The time that was asked for has come.</summary>
    public sealed record Tick : PresenceEvent;

    /// <summary>A probe ended.</summary>
    public sealed record ProbeEnded(long Id, ProbeOutcome Outcome, TimeSpan RoundTrip) : PresenceEvent;

    /// <summary>A frame of the node was seen.</summary>
    public sealed record Traffic : PresenceEvent;

    /// <summary>The node's last socket at the hub closed, by its side.</summary>
    public sealed record SocketClosed : PresenceEvent;

    /// <summary>The node's socket ended without its word (silence, or NATS closed it): a probe tells.</summary>
    public sealed record Doubt : PresenceEvent;

    /// <summary>The node said that it is here.</summary>
    public sealed record Here : PresenceEvent;

    /// <summary>The node said that it stops.</summary>
    public sealed record Goodbye : PresenceEvent;

    /// <summary>Somebody wants a fresh proof.</summary>
    public sealed record Asked : PresenceEvent;

    /// <summary>Somebody began to look, or nobody looks any more.</summary>
    public sealed record Watched(bool IsWatched) : PresenceEvent;

    /// <summary>The hub's own connection was lost: it cannot see.</summary>
    public sealed record Blind : PresenceEvent;
}
