namespace Bowline.Node.Link;

/// <summary>What the node knows about its own link. The hub's presence, proved from outside, is another matter.</summary>
internal enum LinkPhase
{
    /// <summary>Not started, or stopped.</summary>
    Stopped,

    /// <summary>Getting a first session or connection.</summary>
    Connecting,

    /// <summary>Connected and serving.</summary>
    Online,

    /// <summary>Was online; getting back.</summary>
    Reconnecting,

    /// <summary>The hub does not know this device.</summary>
    Revoked,
}
