namespace Bowline.Node.Link;

/// <summary>Why the node tells the hub that it is here.</summary>
internal enum HereReason
{
    /// <summary>The node started.</summary>
    Start,

    /// <summary>The node runs again after a freeze or sleep.</summary>
    Resume,

    /// <summary>The connection was lost and is back.</summary>
    Reconnect,
}
