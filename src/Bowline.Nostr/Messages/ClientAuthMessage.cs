namespace Bowline.Nostr;

/// <summary><c>["AUTH",event]</c>: proves a key to the relay (NIP-42). Read from the network it is not checked yet: <see cref="AuthEvent.Check"/> does.</summary>
/// <param name="Event">The event, of kind 22242.</param>
public sealed record ClientAuthMessage(NostrEvent Event) : ClientMessage;
