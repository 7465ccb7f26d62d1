namespace Bowline.Nats;

/// <summary>A request was not answered within its timeout.</summary>
public class NatsNoReplyException : NatsException
{
    /// <summary>Creates the exception.</summary>
    public NatsNoReplyException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with its cause.</summary>
    public NatsNoReplyException(string message, Exception? inner)
        : base(message, inner)
    {
    }
}
