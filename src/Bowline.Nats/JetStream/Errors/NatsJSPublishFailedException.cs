namespace Bowline.Nats.JetStream;

/// <summary>A message of a pipelined publisher failed; the publisher takes no more.</summary>
public sealed class NatsJSPublishFailedException : NatsJSException
{
    /// <summary>Creates the exception.</summary>
    public NatsJSPublishFailedException(long index, NatsException inner)
        : base($"Message {index} of this publisher was not stored: {inner?.Message}", inner) => Index = index;

    /// <summary>The message's place in the order of publishing, from 0.</summary>
    public long Index { get; }
}
