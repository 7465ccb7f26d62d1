using System.Text.Json.Serialization;

namespace Bowline.Nats.JetStream;

/// <summary>A message read through the leader.</summary>
internal sealed record MsgGetResponse
{
    [JsonPropertyName("message")]
    public StoredMessage? Message { get; init; }
}
