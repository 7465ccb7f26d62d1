using System.Text.Json.Serialization;

namespace Bowline.Hub.Presence;

/// <summary>How a state was proved.</summary>
internal enum EvidenceMethod
{
    /// <summary>A status exchange through the tunnel was answered.</summary>
    [JsonStringEnumMemberName("probe")]
    Probe,

    /// <summary>Frames of the node were seen.</summary>
    [JsonStringEnumMemberName("traffic")]
    Traffic,

    /// <summary>NATS said that nobody listens for the node.</summary>
    [JsonStringEnumMemberName("no-responders")]
    NoResponders,

    /// <summary>The node's last socket at the hub closed.</summary>
    [JsonStringEnumMemberName("disconnected")]
    Disconnected,

    /// <summary>A status exchange was not answered in time.</summary>
    [JsonStringEnumMemberName("probe-timeout")]
    ProbeTimeout,

    /// <summary>The node said that it stops.</summary>
    [JsonStringEnumMemberName("goodbye")]
    Goodbye,
}
