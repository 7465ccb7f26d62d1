using System.Text.Json.Serialization;

namespace Bowline.Nats.JetStream;

/// <summary>The confirmation of a publish.</summary>
public sealed record PubAckResponse
{
    /// <summary>The stream that keeps the message.</summary>
    [JsonPropertyName("stream")]
    public string? Stream { get; init; }

    /// <summary>Its sequence there.</summary>
    [JsonPropertyName("seq")]
    public ulong Seq { get; init; }

    /// <summary>True when its message id was seen before: it is kept once.</summary>
    [JsonPropertyName("duplicate")]
    public bool Duplicate { get; init; }

    /// <summary>Why it was refused; null when it was kept.</summary>
    [JsonPropertyName("error")]
    public ApiError? Error { get; init; }
}
