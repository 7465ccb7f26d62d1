using System.Text.Json.Serialization;

namespace Bowline.Hub.Presence;

/// <summary>What is known about a link now.</summary>
internal enum LinkState
{
    /// <summary>Nothing fresh proves either: it may be frozen, cut off, or never seen since the hub started.</summary>
    [JsonStringEnumMemberName("unknown")]
    Unknown,

    /// <summary>It answered, or was heard.</summary>
    [JsonStringEnumMemberName("online")]
    Online,

    /// <summary>It certainly serves nothing.</summary>
    [JsonStringEnumMemberName("offline")]
    Offline,
}
