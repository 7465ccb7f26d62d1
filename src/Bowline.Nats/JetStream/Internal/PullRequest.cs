using System.Text.Json.Serialization;

namespace Bowline.Nats.JetStream;

/// <summary>A pull.</summary>
internal sealed record PullRequest
{
    [JsonPropertyName("batch")]
    public int Batch { get; init; }

    [JsonPropertyName("expires")]
    [JsonConverter(typeof(NanosecondsConverter))]
    public TimeSpan? Expires { get; init; }

    [JsonPropertyName("max_bytes")]
    public int? MaxBytes { get; init; }

    [JsonPropertyName("no_wait")]
    public bool? NoWait { get; init; }

    [JsonPropertyName("idle_heartbeat")]
    [JsonConverter(typeof(NanosecondsConverter))]
    public TimeSpan? IdleHeartbeat { get; init; }
}
