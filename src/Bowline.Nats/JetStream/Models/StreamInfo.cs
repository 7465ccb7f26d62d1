using System.Text.Json.Serialization;

namespace Bowline.Nats.JetStream;

/// <summary>A stream as the server describes it.</summary>
public sealed record StreamInfo
{
    /// <summary>Its configuration in force.</summary>
    [JsonPropertyName("config")]
    public StreamConfig? Config { get; init; }

    /// <summary>What it holds.</summary>
    [JsonPropertyName("state")]
    public StreamState? State { get; init; }

    /// <summary>When it was created.</summary>
    [JsonPropertyName("created")]
    public DateTimeOffset Created { get; init; }
}
