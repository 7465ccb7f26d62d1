using System.Text.Json.Serialization;

namespace Bowline.Nats.Jwt;

/// <summary>
/// What an account may use. Null means unlimited (-1 on the wire), except for JetStream storage, where null means none:
/// an account has JetStream exactly when it has memory or disk storage.
/// </summary>
public sealed record AccountLimits
{
    /// <summary>Subscriptions of the whole account.</summary>
    [JsonPropertyName("subs")]
    public long? Subscriptions { get; init; }

    /// <summary>Connections of the whole account.</summary>
    [JsonPropertyName("conn")]
    public long? Connections { get; init; }

    /// <summary>Leaf node connections.</summary>
    [JsonPropertyName("leaf")]
    public long? LeafNodes { get; init; }

    /// <summary>Bytes in flight.</summary>
    [JsonPropertyName("data")]
    public long? Data { get; init; }

    /// <summary>Bytes in one message.</summary>
    [JsonPropertyName("payload")]
    public long? Payload { get; init; }

    /// <summary>Imports from other accounts.</summary>
    [JsonPropertyName("imports")]
    public long? Imports { get; init; }

    /// <summary>Exports to other accounts.</summary>
    [JsonPropertyName("exports")]
    public long? Exports { get; init; }

    /// <summary>Whether exports may have wildcards; null for yes.</summary>
    [JsonPropertyName("wildcards")]
    public bool? WildcardExports { get; init; }

    /// <summary>Bytes of JetStream memory storage; null or 0 for none, -1 for the server's limit.</summary>
    [JsonPropertyName("mem_storage")]
    public long? MemoryStorage { get; init; }

    /// <summary>Bytes of JetStream file storage; null or 0 for none, -1 for the server's limit.</summary>
    [JsonPropertyName("disk_storage")]
    public long? DiskStorage { get; init; }

    /// <summary>JetStream streams.</summary>
    [JsonPropertyName("streams")]
    public long? Streams { get; init; }

    /// <summary>JetStream consumers.</summary>
    [JsonPropertyName("consumer")]
    public long? Consumers { get; init; }

    internal AccountLimits Filled() => this with
    {
        Subscriptions = Subscriptions ?? -1,
        Connections = Connections ?? -1,
        LeafNodes = LeafNodes ?? -1,
        Data = Data ?? -1,
        Payload = Payload ?? -1,
        Imports = Imports ?? -1,
        Exports = Exports ?? -1,
        WildcardExports = WildcardExports ?? true,
        MemoryStorage = MemoryStorage ?? 0,
        DiskStorage = DiskStorage ?? 0,
        Streams = Streams ?? -1,
        Consumers = Consumers ?? -1,
    };
}
