namespace Bowline.WebRtc;

/// <summary>What one channel holds of the budget. Guarded by the lock of the budget.</summary>
internal sealed class ReceiveShare
{
    /// <summary>Bytes of messages that wait for their reader, as far as they count.</summary>
    internal long Held { get; set; }

    /// <summary>This side closes the channel: what waits no longer keeps others waiting.</summary>
    internal bool IsClosing { get; set; }

    /// <summary>Nothing is counted any more, and nothing more is taken.</summary>
    internal bool IsOver { get; set; }
}
