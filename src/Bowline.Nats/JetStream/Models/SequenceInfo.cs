using System.Text.Json.Serialization;

namespace Bowline.Nats.JetStream;

/// <summary>A position of a consumer.</summary>
public sealed record SequenceInfo
{
    /// <summary>Deliveries counted by the consumer.</summary>
    [JsonPropertyName("consumer_seq")]
    public ulong ConsumerSeq { get; init; }

    /// <summary>The sequence in the stream.</summary>
    [JsonPropertyName("stream_seq")]
    public ulong StreamSeq { get; init; }
}
