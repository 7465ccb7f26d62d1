namespace Bowline.WebRtc;

/// <summary>How a connection stands.</summary>
/// <param name="State">Where it is in its life.</param>
/// <param name="Ice">What ICE says: a hint.</param>
/// <param name="Pair">The addresses that carry it, once known.</param>
/// <param name="Failure">Why it failed or was closed by the other side.</param>
public sealed record PeerConnectionStatus(PeerConnectionState State, IceState Ice, CandidatePair? Pair, WebRtcException? Failure);
