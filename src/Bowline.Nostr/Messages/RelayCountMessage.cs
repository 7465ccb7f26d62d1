namespace Bowline.Nostr;

/// <summary><c>["COUNT",id,{"count":n}]</c>: how many stored events there are (NIP-45).</summary>
/// <param name="SubscriptionId">As in the question.</param>
/// <param name="Count">0 or more.</param>
/// <param name="Approximate">True when the relay only estimated.</param>
public sealed record RelayCountMessage(string SubscriptionId, long Count, bool Approximate = false) : RelayMessage;
