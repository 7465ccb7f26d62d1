namespace Bowline.WebRtc;

/// <summary>Where a data channel is in its life (RTCDataChannelState).</summary>
public enum DataChannelState
{
    /// <summary>The connection is not up yet.</summary>
    Connecting,

    /// <summary>Messages travel.</summary>
    Open,

    /// <summary>This side has closed it; the other side has not confirmed yet.</summary>
    Closing,

    /// <summary>Nothing travels any more.</summary>
    Closed,
}
