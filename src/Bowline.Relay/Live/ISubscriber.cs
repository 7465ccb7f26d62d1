using Bowline.Nostr;

namespace Bowline.Relay;

/// <summary>The connection a subscription belongs to, as the subscription sees it.</summary>
internal interface ISubscriber
{
    /// <summary>Who listens there.</summary>
    public Audience Audience { get; }

    /// <summary>Queues an event; a connection that is too slow is disconnected instead.</summary>
    /// <param name="subscription">The subscription.</param>
    /// <param name="json">The event.</param>
    /// <param name="hasRoom">The sender has waited for room, so the event is taken in any case.</param>
    public void Post(Subscription subscription, ReadOnlyMemory<byte> json, bool hasRoom);

    /// <summary>Queues a message.</summary>
    public void Post(RelayMessage message);

    /// <summary>Ends the connection, because it is too slow.</summary>
    public void Overflow();
}
