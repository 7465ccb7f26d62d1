namespace Bowline.Nats;

/// <summary>Where a connection stands.</summary>
public enum NatsConnectionState
{
    /// <summary>Not opened yet, or disposed.</summary>
    Closed,

    /// <summary>The first connect is under way.</summary>
    Connecting,

    /// <summary>Open.</summary>
    Open,

    /// <summary>Lost; being opened again.</summary>
    Reconnecting,
}
