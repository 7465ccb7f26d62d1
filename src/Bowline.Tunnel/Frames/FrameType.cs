namespace Bowline.Tunnel;

/// <summary>Section 3 of docs/protocol/tunnel.md.</summary>
internal enum FrameType : byte
{
    Open = 1,
    Accept = 2,
    Head = 3,
    Data = 4,
    Trailers = 5,
    Window = 6,
    Reset = 7,
    Ping = 8,
    Pong = 9,
    Move = 10,
    GoAway = 11,
}

[Flags]
internal enum FrameFlags : byte
{
    None = 0,

    /// <summary>The sender's direction of the stream ends with this frame.</summary>
    End = 1,
}
