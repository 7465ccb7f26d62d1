namespace Bowline.WebRtc;

/// <summary>sac_state of an association change (RFC 6458, section 6.1.1).</summary>
internal enum SctpAssociationState
{
    Up = 1,
    Lost = 2,
    Restarted = 3,
    ShutDown = 4,
    CannotStart = 5,
}
