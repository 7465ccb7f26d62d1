namespace Bowline.Nostr;

/// <summary><c>["EOSE",id]</c>: all that was stored has been sent; what follows is new (NIP-01).</summary>
/// <param name="SubscriptionId">The subscription.</param>
public sealed record RelayEndOfStoredMessage(string SubscriptionId) : RelayMessage;
