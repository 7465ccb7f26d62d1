namespace Bowline.Tunnel;

/// <summary>Why an exchange failed, by stage and side. The comment of each value says whether the request can have been started.</summary>
public enum TunnelError
{
    /// <summary>Open: nothing serves the device now. Certain, within one round trip; never started.</summary>
    Offline,

    /// <summary>Open: the node said nothing at all within the accept timeout; frozen or gone. It refuses the open later, so it starts within the age limit or never.</summary>
    AcceptTimeout,

    /// <summary>Open: the node is alive or the carrier broke, but the answer to this open was lost. It may have been started once.</summary>
    StartUnknown,

    /// <summary>Open: the node has too many streams of this client. Never started.</summary>
    Refused,

    /// <summary>Open: the node received it past its age limit. Never started.</summary>
    Expired,

    /// <summary>Open: the two sides share no head version. Never started.</summary>
    VersionMismatch,

    /// <summary>Open: the request head is over the limit on this side. Never sent.</summary>
    RequestHeadTooLarge,

    /// <summary>Open: the request holds something that cannot be sent. Never sent.</summary>
    RequestInvalid,

    /// <summary>Request body: the caller's content failed while it was read.</summary>
    RequestBodyFailed,

    /// <summary>Any stage: the caller gave up.</summary>
    Cancelled,

    /// <summary>Any stage: the deadline of the request passed.</summary>
    DeadlineExceeded,

    /// <summary>Any stage: the other side was silent for the idle bound.</summary>
    IdleTimeout,

    /// <summary>Any stage: the other side's instance is gone.</summary>
    PeerLost,

    /// <summary>Any stage: the other side no longer knows the stream.</summary>
    StreamUnknown,

    /// <summary>Any stage: the stream could not follow its node to a new connection in time.</summary>
    Moved,

    /// <summary>Any stage: the node is stopping.</summary>
    ServerStopping,

    /// <summary>Any stage: our own end of the carrier is closed.</summary>
    CarrierClosed,

    /// <summary>Any stage: a frame is missing.</summary>
    FrameLost,

    /// <summary>Any stage: a frame came twice.</summary>
    FrameRepeated,

    /// <summary>Any stage: a frame could not be understood.</summary>
    FrameMalformed,

    /// <summary>Any stage: more was sent than the window allows.</summary>
    FlowControl,

    /// <summary>Body: its length is not what its head said.</summary>
    BodyLengthMismatch,

    /// <summary>Response body: the node gave up after the response had begun.</summary>
    ResponseAborted,
}
