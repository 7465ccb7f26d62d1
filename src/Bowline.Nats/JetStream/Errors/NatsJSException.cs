namespace Bowline.Nats.JetStream;

/// <summary>The base of every JetStream failure.</summary>
public class NatsJSException : NatsException
{
    /// <summary>Creates the exception.</summary>
    public NatsJSException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with its cause.</summary>
    public NatsJSException(string message, Exception? inner)
        : base(message, inner)
    {
    }
}
