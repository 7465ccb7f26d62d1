namespace Bowline.Node.Services;

/// <summary>A service this node exposes.</summary>
/// <param name="Name">Its name in the tunnel: a-z, 0-9 and single dashes.</param>
/// <param name="Target">The local address it forwards to; null for one served inside the node.</param>
/// <param name="Kept">True when it outlives the command that made it, and a restart.</param>
/// <param name="Http2">The target is spoken to in HTTP/2, so that bodies flow both ways at once.</param>
public sealed record ServiceRecord(string Name, Uri? Target, bool Kept, bool Http2 = false);
