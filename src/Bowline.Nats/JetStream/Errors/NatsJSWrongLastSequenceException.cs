namespace Bowline.Nats.JetStream;

/// <summary>A publish expected another last sequence than the stream or subject has: somebody else wrote first.</summary>
public sealed class NatsJSWrongLastSequenceException : NatsJSApiException
{
    /// <summary>Creates the exception from the server's answer.</summary>
    public NatsJSWrongLastSequenceException(ApiError error)
        : base(error)
    {
    }
}
