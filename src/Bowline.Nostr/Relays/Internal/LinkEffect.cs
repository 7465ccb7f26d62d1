using Bowline.Core.Health;

namespace Bowline.Nostr;

/// <summary>What a link does. Messages to the relay are no effects: the socket asks for the next one when it is ready.</summary>
internal abstract record LinkEffect
{
    public sealed record Dial(int Op) : LinkEffect;

    /// <summary>Lets go of a socket, without waiting for anything.</summary>
    public sealed record Orphan(int Op, string Text) : LinkEffect;

    public sealed record Deliver(LinkSubscription Subscription, NostrEvent Event) : LinkEffect;

    /// <summary>All stored events of the subscription were delivered.</summary>
    public sealed record Stored(LinkSubscription Subscription) : LinkEffect;

    /// <summary>The relay cannot be reached now: others need not wait for its stored events.</summary>
    public sealed record Excused(LinkSubscription Subscription) : LinkEffect;

    public sealed record Ended(LinkSubscription Subscription, RelayException Error) : LinkEffect;

    public sealed record Finished(PendingPublish Publish, RelayPublishOutcome Outcome) : LinkEffect;

    /// <summary>The relay honours one key only: what belongs to this one goes to a connection of its own.</summary>
    public sealed record MoveKey(NostrKey Key, NostrKey Kept, IReadOnlyList<LinkSubscription> Subscriptions, IReadOnlyList<PendingPublish> Publishes) : LinkEffect;

    public sealed record Raise(HealthCode Code, string Text) : LinkEffect;

    public sealed record Clear(HealthCode Code) : LinkEffect;
}
