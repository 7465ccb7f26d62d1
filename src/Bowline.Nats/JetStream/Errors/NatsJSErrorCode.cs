namespace Bowline.Nats.JetStream;

/// <summary>Exact errors of the JetStream API that callers decide on.</summary>
public static class NatsJSErrorCode
{
    /// <summary>The consumer does not exist.</summary>
    public const int ConsumerNotFound = 10014;

    /// <summary>No message matches.</summary>
    public const int NoMessageFound = 10037;

    /// <summary>The stream exists with another configuration.</summary>
    public const int StreamNameInUse = 10058;

    /// <summary>The stream does not exist.</summary>
    public const int StreamNotFound = 10059;

    /// <summary>The expected last sequence, of the stream or the subject, was another.</summary>
    public const int WrongLastSequence = 10071;
}
