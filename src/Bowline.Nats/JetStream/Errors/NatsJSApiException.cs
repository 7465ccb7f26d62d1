namespace Bowline.Nats.JetStream;

/// <summary>The server refused a JetStream request.</summary>
public class NatsJSApiException : NatsJSException
{
    /// <summary>Creates the exception from the server's answer.</summary>
    public NatsJSApiException(ApiError error)
        : base($"JetStream refused the request: {error?.Description ?? "no reason"} ({error?.ErrCode}).") => Error = error ?? new ApiError();

    /// <summary>The server's answer.</summary>
    public ApiError Error { get; }

    internal static NatsJSApiException From(ApiError error) =>
        error.ErrCode == NatsJSErrorCode.WrongLastSequence ? new NatsJSWrongLastSequenceException(error) : new NatsJSApiException(error);
}
