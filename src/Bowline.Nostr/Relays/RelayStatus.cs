namespace Bowline.Nostr;

/// <summary>What is known about a connection to a relay now.</summary>
/// <param name="Phase">Where it stands.</param>
/// <param name="Connects">How many sockets were opened so far.</param>
/// <param name="Requests">REQs open now; many users share one.</param>
/// <param name="Subscriptions">Subscriptions of users now.</param>
/// <param name="Forged">Events whose id or signature was wrong, so far.</param>
/// <param name="Garbage">Messages that were none, so far; forged events are not among them.</param>
/// <param name="LastError">Why the last socket was lost or could not be opened; null when none was.</param>
public sealed record RelayStatus(RelayPhase Phase, int Connects, int Requests, int Subscriptions, long Forged, long Garbage, string? LastError);
