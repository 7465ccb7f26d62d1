namespace Bowline.Nats;

/// <summary>Nobody is subscribed to the subject of a request; the server said so at once.</summary>
public class NatsNoRespondersException : NatsNoReplyException
{
    /// <summary>Creates the exception.</summary>
    public NatsNoRespondersException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with its cause.</summary>
    public NatsNoRespondersException(string message, Exception? inner)
        : base(message, inner)
    {
    }
}
