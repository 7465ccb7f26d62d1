namespace Bowline.WebRtc;

/// <summary>An offer or an answer as it travels through signaling (RTCSessionDescription of the W3C's WebRTC).</summary>
/// <param name="Type">Offer or answer.</param>
/// <param name="Sdp">The text (RFC 8866), with CRLF line ends.</param>
public sealed record SessionDescription(SessionDescriptionType Type, string Sdp);
