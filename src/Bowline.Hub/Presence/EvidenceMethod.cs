namespace Bowline.Hub.Presence;

/// <summary>How a state was proved.</summary>
internal enum EvidenceMethod
{
    /// <summary>Nothing was heard since the hub started.</summary>
    None,

    /// <summary>A status exchange through the tunnel was answered.</summary>
    Probe,

    /// <summary>Frames of the node were seen.</summary>
    Traffic,

    /// <summary>NATS said that nobody listens for the node.</summary>
    NoResponders,

    /// <summary>The node's last socket at the hub closed.</summary>
    Disconnected,

    /// <summary>A status exchange was not answered in time.</summary>
    ProbeTimeout,

    /// <summary>The node said that it stops.</summary>
    Goodbye,
}
