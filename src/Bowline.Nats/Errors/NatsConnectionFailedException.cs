namespace Bowline.Nats;

/// <summary>A connection could not be opened: unreachable, refused, or its certificate did not match.</summary>
public class NatsConnectionFailedException : NatsException
{
    /// <summary>Creates the exception.</summary>
    public NatsConnectionFailedException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with its cause.</summary>
    public NatsConnectionFailedException(string message, Exception? inner)
        : base(message, inner)
    {
    }

    /// <summary>The HTTP status that refused the WebSocket upgrade, where that was the reason.</summary>
    public int? HttpStatus { get; init; }
}
