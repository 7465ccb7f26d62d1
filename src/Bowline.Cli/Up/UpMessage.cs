namespace Bowline.Cli.Up;

/// <summary>What <c>bowline up --json</c> prints once everything runs.</summary>
/// <param name="Console">The console's address.</param>
/// <param name="LoginUrl">A one-time link into it.</param>
/// <param name="Content">The address of exposed content.</param>
/// <param name="Node">This node's name.</param>
/// <param name="DeviceId">This node's device id.</param>
/// <param name="TokenFile">The file with an API token for scripts on this machine.</param>
/// <param name="Relay">The address of the hub's Nostr relay; absent with <c>--no-relay</c>.</param>
internal sealed record UpMessage(Uri Console, Uri LoginUrl, Uri Content, string Node, string DeviceId, string TokenFile, Uri? Relay);
