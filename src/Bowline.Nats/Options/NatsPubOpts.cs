namespace Bowline.Nats;

/// <summary>How one message is published.</summary>
public sealed record NatsPubOpts
{
    /// <summary>Wait for a connection when there is none. Default false: fail at once with <see cref="NatsDisconnectedException"/>.</summary>
    public bool WaitUntilConnected { get; init; }

    /// <summary>
    /// Wait until the server has taken the message (one round trip), and fail if it refused it. Default false: the message
    /// is on its way when the call returns.
    /// </summary>
    public bool Confirm { get; init; }
}
