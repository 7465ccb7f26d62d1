using System.Text.Json.Serialization;

namespace Bowline.Nats.JetStream;

/// <summary>What an account uses of JetStream.</summary>
public sealed record AccountInfo
{
    /// <summary>Bytes in memory streams.</summary>
    [JsonPropertyName("memory")]
    public long Memory { get; init; }

    /// <summary>Bytes in file streams.</summary>
    [JsonPropertyName("storage")]
    public long Storage { get; init; }

    /// <summary>Streams.</summary>
    [JsonPropertyName("streams")]
    public int Streams { get; init; }

    /// <summary>Consumers.</summary>
    [JsonPropertyName("consumers")]
    public int Consumers { get; init; }

    /// <summary>What it may use.</summary>
    [JsonPropertyName("limits")]
    public AccountStorageLimits? Limits { get; init; }
}
