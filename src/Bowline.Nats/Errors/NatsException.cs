namespace Bowline.Nats;

/// <summary>The base of every failure this library reports.</summary>
public class NatsException : Exception
{
    /// <summary>Creates the exception.</summary>
    public NatsException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with its cause.</summary>
    public NatsException(string message, Exception? inner)
        : base(message, inner)
    {
    }
}
