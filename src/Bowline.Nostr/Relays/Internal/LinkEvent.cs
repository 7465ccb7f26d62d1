namespace Bowline.Nostr;

/// <summary>What happens to a link. Events of a socket carry the number of the dial it came from: those of earlier ones are ignored.</summary>
internal abstract record LinkEvent
{
    public sealed record Started : LinkEvent;

    public sealed record Stopped : LinkEvent;

    public sealed record Dialed(int Op) : LinkEvent;

    public sealed record DialFailed(int Op, string Text) : LinkEvent;

    public sealed record Lost(int Op, string Text) : LinkEvent;

    /// <summary>The information document, or null when there is none.</summary>
    public sealed record Informed(RelayInformation? Information) : LinkEvent;

    /// <summary>A message; an event in it was verified.</summary>
    public sealed record Received(int Op, RelayMessage Message) : LinkEvent;

    /// <summary>A message that is none, or an event that is forged.</summary>
    public sealed record Garbage(int Op, string Text, bool IsForged) : LinkEvent;

    public sealed record Subscribed(LinkSubscription Subscription) : LinkEvent;

    public sealed record Unsubscribed(LinkSubscription Subscription) : LinkEvent;

    public sealed record Published(PendingPublish Publish) : LinkEvent;

    public sealed record PublishCancelled(PendingPublish Publish) : LinkEvent;

    public sealed record Resumed : LinkEvent;

    public sealed record NetworkChanged : LinkEvent;

    public sealed record Ticked : LinkEvent;
}
