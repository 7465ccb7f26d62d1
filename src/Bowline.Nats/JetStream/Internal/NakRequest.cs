using System.Text.Json.Serialization;

namespace Bowline.Nats.JetStream;

/// <summary>How long to wait with the next delivery.</summary>
internal sealed record NakRequest
{
    [JsonPropertyName("delay")]
    [JsonConverter(typeof(NanosecondsConverter))]
    public TimeSpan? Delay { get; init; }
}
