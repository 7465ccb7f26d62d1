namespace Bowline.Nostr;

/// <summary><c>nprofile1...</c>: a public key and relays that know it.</summary>
/// <param name="Key">The key.</param>
/// <param name="Relays">Addresses of relays, as they were written: not checked.</param>
public sealed record ProfileIdentifier(NostrPublicKey Key, IReadOnlyList<string> Relays) : NostrIdentifier;
