using System.Text.Json.Serialization;

namespace Bowline.Nats.JetStream;

/// <summary>What was purged.</summary>
internal sealed record PurgeResponse
{
    [JsonPropertyName("purged")]
    public ulong Purged { get; init; }
}
