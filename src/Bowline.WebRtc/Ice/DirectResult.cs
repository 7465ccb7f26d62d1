namespace Bowline.WebRtc;

/// <summary>What became of datagrams.</summary>
internal enum DirectResult
{
    /// <summary>They have left.</summary>
    Sent,

    /// <summary>The send buffer is full: they are lost, as in any queue of the way.</summary>
    Dropped,

    /// <summary>None has left; they may in another manner.</summary>
    Refused,
}
