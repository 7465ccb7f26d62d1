using System.Text.Json.Serialization;

namespace Bowline.Nats.JetStream;

/// <summary>A message as stored.</summary>
internal sealed record StoredMessage
{
    [JsonPropertyName("subject")]
    public string? Subject { get; init; }

    [JsonPropertyName("seq")]
    public ulong Seq { get; init; }

    [JsonPropertyName("hdrs")]
    public byte[]? Headers { get; init; }

    [JsonPropertyName("data")]
    public byte[]? Data { get; init; }

    [JsonPropertyName("time")]
    public DateTimeOffset Time { get; init; }
}
