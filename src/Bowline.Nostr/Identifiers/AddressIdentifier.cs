namespace Bowline.Nostr;

/// <summary><c>naddr1...</c>: the newest event of an author, kind and <c>d</c> tag.</summary>
/// <param name="Identifier">The value of the <c>d</c> tag; empty for a replaceable kind.</param>
/// <param name="Author">The author.</param>
/// <param name="Kind">The kind.</param>
/// <param name="Relays">Addresses of relays, as they were written: not checked.</param>
public sealed record AddressIdentifier(string Identifier, NostrPublicKey Author, int Kind, IReadOnlyList<string> Relays) : NostrIdentifier;
