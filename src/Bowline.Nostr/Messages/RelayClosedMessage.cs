namespace Bowline.Nostr;

/// <summary><c>["CLOSED",id,text]</c>: the relay refused or ended a subscription or a count (NIP-01, NIP-45).</summary>
/// <param name="SubscriptionId">The subscription.</param>
/// <param name="Text">Why, with one of the <see cref="ReasonPrefix"/>es.</param>
public sealed record RelayClosedMessage(string SubscriptionId, string Text) : RelayMessage;
