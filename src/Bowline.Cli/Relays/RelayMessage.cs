namespace Bowline.Cli.Relays;

/// <summary>What <c>bowline relay --json</c> prints once it listens.</summary>
/// <param name="Url">The address for clients.</param>
/// <param name="Information">The address of its NIP-11 document.</param>
/// <param name="PublicKey">The relay's own key.</param>
/// <param name="Store">Where events are kept.</param>
internal sealed record RelayMessage(Uri Url, Uri Information, string PublicKey, string Store);
