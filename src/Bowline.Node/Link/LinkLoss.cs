namespace Bowline.Node.Link;

/// <summary>Why the link was no longer online.</summary>
internal enum LinkLoss
{
    /// <summary>Something nobody named.</summary>
    Other,

    /// <summary>The connection broke.</summary>
    Disconnected,

    /// <summary>The connection stood, but the hub did not answer a probe over it.</summary>
    Silent,

    /// <summary>NATS refused the session's credentials.</summary>
    CredentialsRefused,

    /// <summary>The hub does not know this device any more.</summary>
    Revoked,
}
