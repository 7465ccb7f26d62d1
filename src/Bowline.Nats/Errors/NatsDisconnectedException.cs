namespace Bowline.Nats;

/// <summary>There is no open connection, or it was lost before the answer came. Whether the server acted is not known.</summary>
public class NatsDisconnectedException : NatsException
{
    /// <summary>Creates the exception.</summary>
    public NatsDisconnectedException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with its cause.</summary>
    public NatsDisconnectedException(string message, Exception? inner)
        : base(message, inner)
    {
    }
}
