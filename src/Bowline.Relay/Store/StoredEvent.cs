using Bowline.Nostr;

namespace Bowline.Relay;

/// <summary>A stored event as a subscriber gets it, with what access rules look at.</summary>
/// <param name="Id">Its id.</param>
/// <param name="PublicKey">Its author.</param>
/// <param name="CreatedAt">Unix seconds.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Json">The JSON it came with, in UTF-8.</param>
public readonly record struct StoredEvent(EventId Id, NostrPublicKey PublicKey, long CreatedAt, int Kind, ReadOnlyMemory<byte> Json);
