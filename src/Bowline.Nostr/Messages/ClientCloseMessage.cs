namespace Bowline.Nostr;

/// <summary><c>["CLOSE",id]</c>: ends a subscription (NIP-01).</summary>
/// <param name="SubscriptionId">1 to 64 characters.</param>
public sealed record ClientCloseMessage(string SubscriptionId) : ClientMessage;
