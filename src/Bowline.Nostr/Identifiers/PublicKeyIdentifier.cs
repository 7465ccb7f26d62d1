namespace Bowline.Nostr;

/// <summary><c>npub1...</c>: a public key.</summary>
/// <param name="Key">The key.</param>
public sealed record PublicKeyIdentifier(NostrPublicKey Key) : NostrIdentifier;
