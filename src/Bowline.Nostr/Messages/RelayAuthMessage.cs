namespace Bowline.Nostr;

/// <summary><c>["AUTH",challenge]</c>: what an <see cref="AuthEvent"/> on this connection has to carry (NIP-42).</summary>
/// <param name="Challenge">Any text; not empty.</param>
public sealed record RelayAuthMessage(string Challenge) : RelayMessage;
