using System.Text.Json.Serialization;

namespace Bowline.Nats.JetStream;

/// <summary>A consumer's configuration. Null leaves a setting to the server.</summary>
public sealed record ConsumerConfig
{
    /// <summary>Its name: letters, digits, underscore and dash.</summary>
    [JsonPropertyName("name")]
    public string? Name { get; init; }

    /// <summary>The same name, when it shall outlive its users.</summary>
    [JsonPropertyName("durable_name")]
    public string? DurableName { get; init; }

    /// <summary>Words for people.</summary>
    [JsonPropertyName("description")]
    public string? Description { get; init; }

    /// <summary>Where it starts.</summary>
    [JsonPropertyName("deliver_policy")]
    public ConsumerConfigDeliverPolicy? DeliverPolicy { get; init; }

    /// <summary>The first sequence, for <see cref="ConsumerConfigDeliverPolicy.ByStartSequence"/>.</summary>
    [JsonPropertyName("opt_start_seq")]
    public ulong? OptStartSeq { get; init; }

    /// <summary>The first time, for <see cref="ConsumerConfigDeliverPolicy.ByStartTime"/>.</summary>
    [JsonPropertyName("opt_start_time")]
    public DateTimeOffset? OptStartTime { get; init; }

    /// <summary>What is acknowledged.</summary>
    [JsonPropertyName("ack_policy")]
    public ConsumerConfigAckPolicy? AckPolicy { get; init; }

    /// <summary>How long a message may stay unacknowledged before it is delivered again.</summary>
    [JsonPropertyName("ack_wait")]
    [JsonConverter(typeof(NanosecondsConverter))]
    public TimeSpan? AckWait { get; init; }

    /// <summary>Most deliveries of one message; -1 for no limit.</summary>
    [JsonPropertyName("max_deliver")]
    public int? MaxDeliver { get; init; }

    /// <summary>Waits between deliveries, in place of <see cref="AckWait"/>.</summary>
    [JsonPropertyName("backoff")]
    [JsonConverter(typeof(NanosecondsListConverter))]
    public IReadOnlyList<TimeSpan>? Backoff { get; init; }

    /// <summary>The subject, wildcards included, it delivers; null for all.</summary>
    [JsonPropertyName("filter_subject")]
    public string? FilterSubject { get; init; }

    /// <summary>Several filters. Servers before 2.10 drop them and would deliver everything, which is reported as <see cref="NatsJSConfigNotAppliedException"/>.</summary>
    [JsonPropertyName("filter_subjects")]
    public IReadOnlyList<string>? FilterSubjects { get; init; }

    /// <summary>How fast it delivers.</summary>
    [JsonPropertyName("replay_policy")]
    public ConsumerConfigReplayPolicy? ReplayPolicy { get; init; }

    /// <summary>Most pulls waiting at once.</summary>
    [JsonPropertyName("max_waiting")]
    public int? MaxWaiting { get; init; }

    /// <summary>Most unacknowledged messages.</summary>
    [JsonPropertyName("max_ack_pending")]
    public int? MaxAckPending { get; init; }

    /// <summary>Deliver no bodies.</summary>
    [JsonPropertyName("headers_only")]
    public bool? HeadersOnly { get; init; }

    /// <summary>Most messages of one pull.</summary>
    [JsonPropertyName("max_batch")]
    public int? MaxBatch { get; init; }

    /// <summary>Longest life of one pull.</summary>
    [JsonPropertyName("max_expires")]
    [JsonConverter(typeof(NanosecondsConverter))]
    public TimeSpan? MaxExpires { get; init; }

    /// <summary>It is removed after this time without a pull.</summary>
    [JsonPropertyName("inactive_threshold")]
    [JsonConverter(typeof(NanosecondsConverter))]
    public TimeSpan? InactiveThreshold { get; init; }

    /// <summary>How many servers keep its state.</summary>
    [JsonPropertyName("num_replicas")]
    public int? NumReplicas { get; init; }

    /// <summary>Keep its state in memory.</summary>
    [JsonPropertyName("mem_storage")]
    public bool? MemStorage { get; init; }
}
