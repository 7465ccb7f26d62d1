namespace Bowline.Hub;

/// <summary>Why a hub could not start or stopped working.</summary>
public enum HubError
{
    /// <summary>An option has no usable value.</summary>
    OptionsInvalid,

    /// <summary>Something else listens on the address.</summary>
    PortTaken,

    /// <summary>The address to listen on is not this machine's, or may not be used by this user.</summary>
    AddressUnusable,

    /// <summary>Another hub uses the data folder.</summary>
    DataFolderLocked,

    /// <summary>The database cannot be opened or is of a newer version.</summary>
    DatabaseUnusable,

    /// <summary>The certificate or its key cannot be read.</summary>
    CertificateUnreadable,

    /// <summary>No <c>nats-server</c> executable was found.</summary>
    NatsServerMissing,

    /// <summary>The <c>nats-server</c> found is older than 2.9.10.</summary>
    NatsServerTooOld,

    /// <summary>The embedded <c>nats-server</c> did not become ready.</summary>
    NatsServerFailed,

    /// <summary>The configured NATS cluster cannot be used.</summary>
    NatsUnreachable,
}
