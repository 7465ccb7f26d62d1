namespace Bowline.Tunnel;

/// <summary>What each <see cref="TunnelError"/> means to HTTP and to people.</summary>
public static class TunnelErrors
{
    /// <summary>The code as it is written in <c>urn:bowline:tunnel:&lt;code&gt;</c>.</summary>
    public static string Code(TunnelError error) => error switch
    {
        TunnelError.Offline => "offline",
        TunnelError.AcceptTimeout => "accept_timeout",
        TunnelError.StartUnknown => "start_unknown",
        TunnelError.Refused => "refused",
        TunnelError.Expired => "expired",
        TunnelError.VersionMismatch => "version_mismatch",
        TunnelError.RequestHeadTooLarge => "request_head_too_large",
        TunnelError.RequestInvalid => "request_invalid",
        TunnelError.RequestBodyFailed => "request_body_failed",
        TunnelError.Cancelled => "cancelled",
        TunnelError.DeadlineExceeded => "deadline_exceeded",
        TunnelError.IdleTimeout => "idle_timeout",
        TunnelError.PeerLost => "peer_lost",
        TunnelError.StreamUnknown => "stream_unknown",
        TunnelError.Moved => "moved",
        TunnelError.ServerStopping => "server_stopping",
        TunnelError.CarrierClosed => "carrier_closed",
        TunnelError.FrameLost => "frame_lost",
        TunnelError.FrameRepeated => "frame_repeated",
        TunnelError.FrameMalformed => "frame_malformed",
        TunnelError.FlowControl => "flow_control",
        TunnelError.BodyLengthMismatch => "body_length_mismatch",
        _ => "response_aborted",
    };

    /// <summary>The status a gateway answers with when the response has not begun.</summary>
    public static int StatusCode(TunnelError error) => error switch
    {
        TunnelError.AcceptTimeout or TunnelError.IdleTimeout or TunnelError.DeadlineExceeded => 504,
        TunnelError.Refused => 503,
        TunnelError.RequestHeadTooLarge => 431,
        TunnelError.RequestInvalid or TunnelError.RequestBodyFailed => 400,
        TunnelError.Cancelled => 499,
        _ => 502,
    };

    /// <summary>One sentence for people.</summary>
    public static string Describe(TunnelError error) => error switch
    {
        TunnelError.Offline => "The node is not connected.",
        TunnelError.AcceptTimeout => "The node did not answer in time; it may be frozen.",
        TunnelError.StartUnknown => "The answer to the request was lost; it may have been started.",
        TunnelError.Refused => "The node has too many open exchanges.",
        TunnelError.Expired => "The request reached the node too late and was not started.",
        TunnelError.VersionMismatch => "The node speaks another version of the tunnel.",
        TunnelError.RequestHeadTooLarge => "The request head is over the limit.",
        TunnelError.RequestInvalid => "The request cannot be sent through the tunnel.",
        TunnelError.RequestBodyFailed => "The body of the request failed while it was read.",
        TunnelError.Cancelled => "The exchange was cancelled.",
        TunnelError.DeadlineExceeded => "The deadline of the request passed.",
        TunnelError.IdleTimeout => "The other side was silent for too long.",
        TunnelError.PeerLost => "The other side is gone.",
        TunnelError.StreamUnknown => "The other side no longer knows this exchange.",
        TunnelError.Moved => "The exchange could not follow the node to its new connection.",
        TunnelError.ServerStopping => "The node is stopping.",
        TunnelError.CarrierClosed => "The tunnel on this side is closed.",
        TunnelError.FrameLost => "A part of the exchange was lost on the way.",
        TunnelError.FrameRepeated => "A part of the exchange came twice.",
        TunnelError.FrameMalformed => "The other side broke the protocol.",
        TunnelError.FlowControl => "More was sent than was allowed.",
        TunnelError.BodyLengthMismatch => "The body is not as long as was announced.",
        _ => "The node gave up after the response had begun.",
    };

    internal static TunnelError FromReset(ResetCode code) => code switch
    {
        ResetCode.Cancel => TunnelError.Cancelled,
        ResetCode.Protocol => TunnelError.FrameMalformed,
        ResetCode.FlowControl => TunnelError.FlowControl,
        ResetCode.Gap => TunnelError.FrameLost,
        ResetCode.Repeat => TunnelError.FrameRepeated,
        ResetCode.UnknownStream => TunnelError.StreamUnknown,
        ResetCode.Expired => TunnelError.Expired,
        ResetCode.Refused => TunnelError.Refused,
        ResetCode.Moved => TunnelError.Moved,
        ResetCode.Deadline => TunnelError.DeadlineExceeded,
        ResetCode.BodyLength => TunnelError.BodyLengthMismatch,
        ResetCode.Stopping => TunnelError.ServerStopping,
        ResetCode.Version => TunnelError.VersionMismatch,
        ResetCode.Idle => TunnelError.IdleTimeout,
        _ => TunnelError.ResponseAborted,
    };

    internal static ResetCode ToReset(TunnelError error) => error switch
    {
        TunnelError.FrameMalformed => ResetCode.Protocol,
        TunnelError.FlowControl => ResetCode.FlowControl,
        TunnelError.FrameLost => ResetCode.Gap,
        TunnelError.FrameRepeated => ResetCode.Repeat,
        TunnelError.Moved => ResetCode.Moved,
        TunnelError.DeadlineExceeded => ResetCode.Deadline,
        TunnelError.BodyLengthMismatch => ResetCode.BodyLength,
        TunnelError.ServerStopping => ResetCode.Stopping,
        TunnelError.ResponseAborted => ResetCode.Internal,
        TunnelError.IdleTimeout => ResetCode.Idle,
        TunnelError.Expired => ResetCode.Expired,
        TunnelError.Refused => ResetCode.Refused,
        TunnelError.VersionMismatch => ResetCode.Version,
        TunnelError.StreamUnknown => ResetCode.UnknownStream,
        _ => ResetCode.Cancel,
    };
}
