using System.Text.Json.Serialization;

namespace Bowline.Nats.JetStream;

/// <summary>A stream's configuration. Null leaves a setting to the server.</summary>
public sealed record StreamConfig
{
    /// <summary>The stream's name: letters, digits, underscore and dash.</summary>
    [JsonPropertyName("name")]
    public string? Name { get; init; }

    /// <summary>Words for people.</summary>
    [JsonPropertyName("description")]
    public string? Description { get; init; }

    /// <summary>Subjects whose messages it keeps.</summary>
    [JsonPropertyName("subjects")]
    public IReadOnlyList<string>? Subjects { get; init; }

    /// <summary>When messages are removed.</summary>
    [JsonPropertyName("retention")]
    public StreamConfigRetention? Retention { get; init; }

    /// <summary>Where it lives.</summary>
    [JsonPropertyName("storage")]
    public StreamConfigStorage? Storage { get; init; }

    /// <summary>What it does when it is full.</summary>
    [JsonPropertyName("discard")]
    public StreamConfigDiscard? Discard { get; init; }

    /// <summary>Refuse new messages of a full subject too; needs <see cref="StreamConfigDiscard.New"/>.</summary>
    [JsonPropertyName("discard_new_per_subject")]
    public bool? DiscardNewPerSubject { get; init; }

    /// <summary>Most consumers; -1 for no limit.</summary>
    [JsonPropertyName("max_consumers")]
    public int? MaxConsumers { get; init; }

    /// <summary>Most messages; -1 for no limit.</summary>
    [JsonPropertyName("max_msgs")]
    public long? MaxMsgs { get; init; }

    /// <summary>Most bytes; -1 for no limit.</summary>
    [JsonPropertyName("max_bytes")]
    public long? MaxBytes { get; init; }

    /// <summary>The age at which a message is removed; at least 100 ms.</summary>
    [JsonPropertyName("max_age")]
    [JsonConverter(typeof(NanosecondsConverter))]
    public TimeSpan? MaxAge { get; init; }

    /// <summary>Most messages of one subject; -1 for no limit.</summary>
    [JsonPropertyName("max_msgs_per_subject")]
    public long? MaxMsgsPerSubject { get; init; }

    /// <summary>Most bytes in one message; -1 for no limit.</summary>
    [JsonPropertyName("max_msg_size")]
    public int? MaxMsgSize { get; init; }

    /// <summary>How many servers keep it.</summary>
    [JsonPropertyName("num_replicas")]
    public int? NumReplicas { get; init; }

    /// <summary>Do not confirm publishes.</summary>
    [JsonPropertyName("no_ack")]
    public bool? NoAck { get; init; }

    /// <summary>How long message ids are remembered; at most <see cref="MaxAge"/>.</summary>
    [JsonPropertyName("duplicate_window")]
    [JsonConverter(typeof(NanosecondsConverter))]
    public TimeSpan? DuplicateWindow { get; init; }

    /// <summary>Nothing can be added or removed.</summary>
    [JsonPropertyName("sealed")]
    public bool? Sealed { get; init; }

    /// <summary>Single messages cannot be deleted.</summary>
    [JsonPropertyName("deny_delete")]
    public bool? DenyDelete { get; init; }

    /// <summary>It cannot be purged.</summary>
    [JsonPropertyName("deny_purge")]
    public bool? DenyPurge { get; init; }

    /// <summary>A publish may replace all earlier messages of its subject.</summary>
    [JsonPropertyName("allow_rollup_hdrs")]
    public bool? AllowRollupHdrs { get; init; }

    /// <summary>Messages can be read without the leader; set it at creation, old servers break reads when it is set later.</summary>
    [JsonPropertyName("allow_direct")]
    public bool? AllowDirect { get; init; }

    /// <summary>Storage compression. Servers before 2.10 drop it, which is reported as <see cref="NatsJSConfigNotAppliedException"/>.</summary>
    [JsonPropertyName("compression")]
    public string? Compression { get; init; }

    /// <summary>Words for programs. Servers before 2.10 drop them, which is reported as <see cref="NatsJSConfigNotAppliedException"/>.</summary>
    [JsonPropertyName("metadata")]
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }
}
