namespace Bowline.Nostr;

/// <summary><c>["COUNT",id,filter,...]</c>: asks how many stored events there are (NIP-45).</summary>
/// <param name="SubscriptionId">1 to 64 characters, chosen by the client.</param>
/// <param name="Filters">At least one; an event that any of them wants is counted, once.</param>
public sealed record ClientCountMessage(string SubscriptionId, IReadOnlyList<NostrFilter> Filters) : ClientMessage;
