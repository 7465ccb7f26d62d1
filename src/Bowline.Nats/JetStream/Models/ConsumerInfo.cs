using System.Text.Json.Serialization;

namespace Bowline.Nats.JetStream;

/// <summary>A consumer as the server describes it.</summary>
public sealed record ConsumerInfo
{
    /// <summary>Its stream.</summary>
    [JsonPropertyName("stream_name")]
    public string? StreamName { get; init; }

    /// <summary>Its name.</summary>
    [JsonPropertyName("name")]
    public string? Name { get; init; }

    /// <summary>Its configuration in force.</summary>
    [JsonPropertyName("config")]
    public ConsumerConfig? Config { get; init; }

    /// <summary>When it was created.</summary>
    [JsonPropertyName("created")]
    public DateTimeOffset Created { get; init; }

    /// <summary>The last delivery.</summary>
    [JsonPropertyName("delivered")]
    public SequenceInfo? Delivered { get; init; }

    /// <summary>All up to here are acknowledged.</summary>
    [JsonPropertyName("ack_floor")]
    public SequenceInfo? AckFloor { get; init; }

    /// <summary>Delivered and not acknowledged.</summary>
    [JsonPropertyName("num_ack_pending")]
    public long NumAckPending { get; init; }

    /// <summary>Delivered more than once and not acknowledged.</summary>
    [JsonPropertyName("num_redelivered")]
    public long NumRedelivered { get; init; }

    /// <summary>Pulls waiting.</summary>
    [JsonPropertyName("num_waiting")]
    public long NumWaiting { get; init; }

    /// <summary>Not delivered yet.</summary>
    [JsonPropertyName("num_pending")]
    public ulong NumPending { get; init; }
}
