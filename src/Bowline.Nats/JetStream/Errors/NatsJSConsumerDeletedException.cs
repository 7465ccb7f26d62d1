namespace Bowline.Nats.JetStream;

/// <summary>The consumer was deleted while messages were being taken from it.</summary>
public sealed class NatsJSConsumerDeletedException : NatsJSException
{
    /// <summary>Creates the exception.</summary>
    public NatsJSConsumerDeletedException(string stream, string consumer)
        : base($"The consumer '{consumer}' of stream '{stream}' was deleted.")
    {
        Stream = stream;
        Consumer = consumer;
    }

    /// <summary>The stream.</summary>
    public string Stream { get; }

    /// <summary>The consumer.</summary>
    public string Consumer { get; }
}
