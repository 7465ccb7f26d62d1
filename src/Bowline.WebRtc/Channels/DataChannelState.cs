namespace Bowline.WebRtc;

/// <summary>Where a data channel is in its life (RTCDataChannelState).</summary>
public enum DataChannelState
{
    /// <summary>The connection is not up yet, or the other side uses a stream again of which the last channel's end is not confirmed: such a channel can be read, and what is sent on it waits.</summary>
    Connecting,

    /// <summary>Messages travel.</summary>
    Open,

    /// <summary>This side has closed it; the other side has not confirmed yet.</summary>
    Closing,

    /// <summary>Nothing travels any more.</summary>
    Closed,
}
