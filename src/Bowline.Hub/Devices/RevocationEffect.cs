namespace Bowline.Hub.Devices;

/// <summary>When a revocation takes effect.</summary>
internal enum RevocationEffect
{
    /// <summary>Never: the device is not enrolled.</summary>
    NotEnrolled,

    /// <summary>It has: nothing of the device is connected or let in any more.</summary>
    AtOnce,

    /// <summary>At the hub at once; on a direct connection to NATS when the device's credential ends.</summary>
    WhenCredentialsEnd,
}
