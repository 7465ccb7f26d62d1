namespace Bowline.Nats;

/// <summary>The server sent something that is not the NATS protocol, or is over its limits.</summary>
public class NatsProtocolException : NatsException
{
    /// <summary>Creates the exception.</summary>
    public NatsProtocolException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with its cause.</summary>
    public NatsProtocolException(string message, Exception? inner)
        : base(message, inner)
    {
    }
}
