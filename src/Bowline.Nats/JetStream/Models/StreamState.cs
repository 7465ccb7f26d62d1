using System.Text.Json.Serialization;

namespace Bowline.Nats.JetStream;

/// <summary>What a stream holds.</summary>
public sealed record StreamState
{
    /// <summary>Messages in it.</summary>
    [JsonPropertyName("messages")]
    public long Messages { get; init; }

    /// <summary>Bytes in it.</summary>
    [JsonPropertyName("bytes")]
    public long Bytes { get; init; }

    /// <summary>The sequence of the first message.</summary>
    [JsonPropertyName("first_seq")]
    public ulong FirstSeq { get; init; }

    /// <summary>The sequence of the last message.</summary>
    [JsonPropertyName("last_seq")]
    public ulong LastSeq { get; init; }

    /// <summary>Its consumers.</summary>
    [JsonPropertyName("consumer_count")]
    public long ConsumerCount { get; init; }

    /// <summary>Subjects it holds.</summary>
    [JsonPropertyName("num_subjects")]
    public long NumSubjects { get; init; }

    /// <summary>Messages removed from the middle.</summary>
    [JsonPropertyName("num_deleted")]
    public long NumDeleted { get; init; }
}
