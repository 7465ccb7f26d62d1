namespace Bowline.Nostr;

/// <summary>Where a connection to a relay stands.</summary>
public enum RelayPhase
{
    /// <summary>Dialling.</summary>
    Connecting,

    /// <summary>Connected; what is subscribed to is asked for.</summary>
    Open,

    /// <summary>Not connected, and waiting to dial again.</summary>
    Waiting,

    /// <summary>Closed by this program.</summary>
    Closed,
}
