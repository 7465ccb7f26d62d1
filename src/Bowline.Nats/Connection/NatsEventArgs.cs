namespace Bowline.Nats;

/// <summary>Something happened to a connection.</summary>
/// <param name="message">What, for people.</param>
/// <param name="reason">The failure behind it, or null.</param>
public sealed class NatsEventArgs(string message, Exception? reason = null) : EventArgs
{
    /// <summary>What, for people.</summary>
    public string Message { get; } = message;

    /// <summary>The failure behind it, or null.</summary>
    public Exception? Reason { get; } = reason;
}

/// <summary>An asynchronous event handler. Handlers run one after the other, not on the read loop; what they throw is logged.</summary>
public delegate ValueTask NatsEventHandler(NatsConnection connection, NatsEventArgs args);
