namespace Bowline.WebRtc;

/// <summary>How long a message is worth sending (RFC 8832, section 5.1); the low bits of the channel type.</summary>
internal enum DcepReliability
{
    Reliable = 0,
    Retransmits = 1,
    Lifetime = 2,
}
