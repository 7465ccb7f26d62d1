namespace Bowline.Nostr;

/// <summary><c>["EVENT",id,event]</c>: an event a subscription wanted (NIP-01). Read from the network it is not verified yet.</summary>
/// <param name="SubscriptionId">The subscription.</param>
/// <param name="Event">The event.</param>
public sealed record RelayEventMessage(string SubscriptionId, NostrEvent Event) : RelayMessage;
