namespace Bowline.Nats;

/// <summary>The payload of a message could not be read as the type asked for.</summary>
public class NatsDeserializeException : NatsException
{
    /// <summary>Creates the exception.</summary>
    public NatsDeserializeException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with its cause.</summary>
    public NatsDeserializeException(string message, Exception? inner)
        : base(message, inner)
    {
    }
}
