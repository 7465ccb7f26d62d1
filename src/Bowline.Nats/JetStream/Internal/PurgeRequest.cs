using System.Text.Json.Serialization;

namespace Bowline.Nats.JetStream;

/// <summary>What to purge.</summary>
internal sealed record PurgeRequest
{
    [JsonPropertyName("filter")]
    public string? Filter { get; init; }

    [JsonPropertyName("seq")]
    public ulong? Seq { get; init; }

    [JsonPropertyName("keep")]
    public ulong? Keep { get; init; }
}
