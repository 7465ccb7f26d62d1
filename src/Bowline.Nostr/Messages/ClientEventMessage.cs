namespace Bowline.Nostr;

/// <summary><c>["EVENT",event]</c>: publishes an event (NIP-01). Read from the network it is not verified yet.</summary>
/// <param name="Event">The event.</param>
public sealed record ClientEventMessage(NostrEvent Event) : ClientMessage;
