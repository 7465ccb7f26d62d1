namespace Bowline.Node;

/// <summary>Why the node could not do something.</summary>
public enum NodeError
{
    /// <summary>The hub did not answer, or not in time.</summary>
    HubUnreachable,

    /// <summary>The hub answered that it cannot do this now, or failed.</summary>
    HubUnavailable,

    /// <summary>What answers at the hub's address is no hub of this version.</summary>
    NotAHub,

    /// <summary>The hub does not know this device (any more).</summary>
    DeviceUnknown,

    /// <summary>The hub refused the request for another reason.</summary>
    HubRefused,

    /// <summary>The enrolment code is wrong, used or expired.</summary>
    CodeInvalid,

    /// <summary>The device belongs to another account of the hub.</summary>
    AlreadyEnrolled,

    /// <summary>NATS could not be reached at any address of the session.</summary>
    NatsUnreachable,

    /// <summary>NATS refused the credentials of the session.</summary>
    CredentialsRefused,

    /// <summary>This node has not joined a hub.</summary>
    NotJoined,

    /// <summary>This node has joined another hub.</summary>
    AlreadyJoined,

    /// <summary>Another process serves this node's folder.</summary>
    AlreadyRunning,

    /// <summary>No node runs on this folder.</summary>
    NotRunning,

    /// <summary>The name or address of a service is not usable.</summary>
    ServiceInvalid,

    /// <summary>A service of this name exists, or does not exist.</summary>
    ServiceConflict,

    /// <summary>A file of the node's folder cannot be used.</summary>
    FolderUnusable,
}
