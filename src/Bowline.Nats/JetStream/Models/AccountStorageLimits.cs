using System.Text.Json.Serialization;

namespace Bowline.Nats.JetStream;

/// <summary>What an account may use of JetStream; -1 for no limit.</summary>
public sealed record AccountStorageLimits
{
    /// <summary>Bytes in memory streams.</summary>
    [JsonPropertyName("max_memory")]
    public long MaxMemory { get; init; }

    /// <summary>Bytes in file streams.</summary>
    [JsonPropertyName("max_storage")]
    public long MaxStorage { get; init; }

    /// <summary>Streams.</summary>
    [JsonPropertyName("max_streams")]
    public int MaxStreams { get; init; }

    /// <summary>Consumers.</summary>
    [JsonPropertyName("max_consumers")]
    public int MaxConsumers { get; init; }
}
