namespace Bowline.Nostr;

/// <summary><c>nevent1...</c>: an event, with relays that have it, its author and its kind where they are known.</summary>
/// <param name="Id">The id.</param>
/// <param name="Relays">Addresses of relays, as they were written: not checked.</param>
/// <param name="Author">The author, or null.</param>
/// <param name="Kind">The kind, or null.</param>
public sealed record EventIdentifier(EventId Id, IReadOnlyList<string> Relays, NostrPublicKey? Author = null, int? Kind = null) : NostrIdentifier;
