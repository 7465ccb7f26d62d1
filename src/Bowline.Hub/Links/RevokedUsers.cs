namespace Bowline.Hub.Links;

/// <summary>What a NATS server must know about revoked users.</summary>
/// <param name="Live">User key to the unix second up to which its tokens are refused.</param>
/// <param name="Ended">User keys that were revoked once and whose tokens have all ended: the server may forget them.</param>
internal sealed record RevokedUsers(IReadOnlyDictionary<string, long> Live, IReadOnlyList<string> Ended);
