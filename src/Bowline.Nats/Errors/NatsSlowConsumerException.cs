namespace Bowline.Nats;

/// <summary>The subscription's channel was full for longer than the server waits (its write deadline), and the server cut the connection: messages were lost.</summary>
public class NatsSlowConsumerException : NatsException
{
    /// <summary>Creates the exception.</summary>
    public NatsSlowConsumerException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with its cause.</summary>
    public NatsSlowConsumerException(string message, Exception? inner)
        : base(message, inner)
    {
    }
}
