namespace Bowline.WebRtc;

/// <summary>Where a negotiation is (RFC 9429, section 3.2).</summary>
internal enum SignalingState
{
    Stable,
    HaveLocalOffer,
    HaveRemoteOffer,
    Closed,
}
