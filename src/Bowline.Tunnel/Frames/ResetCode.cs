namespace Bowline.Tunnel;

/// <summary>Why a stream was cut; the numbers are on the wire (docs/protocol/tunnel.md section 3.7).</summary>
internal enum ResetCode : ushort
{
    Cancel = 1,
    Internal = 2,
    Protocol = 3,
    FlowControl = 4,
    Gap = 5,
    Repeat = 6,
    UnknownStream = 7,
    Expired = 8,
    Refused = 9,
    Moved = 10,
    Deadline = 11,
    BodyLength = 12,
    Stopping = 13,
    Version = 14,
    Idle = 15,
}
