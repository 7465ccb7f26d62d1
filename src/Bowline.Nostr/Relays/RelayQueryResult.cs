namespace Bowline.Nostr;

/// <summary>Stored events that were asked for.</summary>
/// <param name="Events">Verified, each once, in the order of their arrival.</param>
/// <param name="IsComplete">True when every relay that could be reached said that this is all; false when time ran out before.</param>
public sealed record RelayQueryResult(IReadOnlyList<NostrEvent> Events, bool IsComplete);
