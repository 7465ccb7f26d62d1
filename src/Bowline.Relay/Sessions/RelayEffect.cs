using Bowline.Nostr;

namespace Bowline.Relay;

/// <summary>What a session asks its connection to do.</summary>
internal abstract record RelayEffect
{
    /// <summary>Send this.</summary>
    public sealed record Reply(RelayMessage Message) : RelayEffect;

    /// <summary>Store the event, answer OK after the commit, then hand it on.</summary>
    public sealed record Store(NostrEvent Event) : RelayEffect;

    /// <summary>Hand the event on and answer OK.</summary>
    public sealed record HandOn(NostrEvent Event, PresenceKey? Presence) : RelayEffect;

    /// <summary>Send what is stored, then what comes.</summary>
    public sealed record Open(Subscription Subscription) : RelayEffect;

    /// <summary>Send nothing more for it.</summary>
    public sealed record End(Subscription Subscription) : RelayEffect;

    /// <summary>Count what is stored.</summary>
    public sealed record Count(string SubscriptionId, IReadOnlyList<NostrFilter> Filters) : RelayEffect;

    /// <summary>Close the connection.</summary>
    public sealed record Disconnect(int Status, string Reason) : RelayEffect;
}
