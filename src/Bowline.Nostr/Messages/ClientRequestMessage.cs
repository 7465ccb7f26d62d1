namespace Bowline.Nostr;

/// <summary><c>["REQ",id,filter,...]</c>: asks for stored events and those to come (NIP-01).</summary>
/// <param name="SubscriptionId">1 to 64 characters, chosen by the client.</param>
/// <param name="Filters">At least one; an event that any of them wants is sent.</param>
public sealed record ClientRequestMessage(string SubscriptionId, IReadOnlyList<NostrFilter> Filters) : ClientMessage;
