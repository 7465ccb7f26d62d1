using System.Text.Json.Serialization;

namespace Bowline.Nats.JetStream;

/// <summary>Which message to read.</summary>
internal sealed record MsgGetRequest
{
    [JsonPropertyName("seq")]
    public ulong? Seq { get; init; }

    [JsonPropertyName("last_by_subj")]
    public string? LastBySubject { get; init; }

    [JsonPropertyName("next_by_subj")]
    public string? NextBySubject { get; init; }
}
