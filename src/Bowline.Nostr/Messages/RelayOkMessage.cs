namespace Bowline.Nostr;

/// <summary><c>["OK",id,accepted,text]</c>: what became of a published event or an authentication (NIP-01, NIP-42).</summary>
/// <param name="EventId">The event.</param>
/// <param name="Accepted">True when the relay took it, or had it.</param>
/// <param name="Text">Why not, with one of the <see cref="ReasonPrefix"/>es; may be empty when it was accepted.</param>
public sealed record RelayOkMessage(EventId EventId, bool Accepted, string Text) : RelayMessage;
