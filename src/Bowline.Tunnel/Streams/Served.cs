namespace Bowline.Tunnel;

/// <summary>What came of offering a stream its turn.</summary>
internal enum Served
{
    /// <summary>Nothing to send, or it waits for something that will enqueue it again.</summary>
    Idle,

    /// <summary>One frame left, more is waiting.</summary>
    More,
    CarrierFull,
}
