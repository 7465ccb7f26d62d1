using System.Text.Json.Serialization;

namespace Bowline.Nats.JetStream;

/// <summary>A consumer to be made.</summary>
internal sealed record CreateConsumerRequest
{
    [JsonPropertyName("stream_name")]
    public string? StreamName { get; init; }

    [JsonPropertyName("config")]
    public ConsumerConfig? Config { get; init; }
}
