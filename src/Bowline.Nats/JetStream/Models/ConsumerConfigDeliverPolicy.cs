using System.Text.Json.Serialization;

namespace Bowline.Nats.JetStream;

/// <summary>Where a consumer starts.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ConsumerConfigDeliverPolicy>))]
public enum ConsumerConfigDeliverPolicy
{
    /// <summary>At the first message.</summary>
    [JsonStringEnumMemberName("all")]
    All,

    /// <summary>At the last message.</summary>
    [JsonStringEnumMemberName("last")]
    Last,

    /// <summary>After the last message.</summary>
    [JsonStringEnumMemberName("new")]
    New,

    /// <summary>At a sequence.</summary>
    [JsonStringEnumMemberName("by_start_sequence")]
    ByStartSequence,

    /// <summary>At a time.</summary>
    [JsonStringEnumMemberName("by_start_time")]
    ByStartTime,

    /// <summary>At the last message of each subject.</summary>
    [JsonStringEnumMemberName("last_per_subject")]
    LastPerSubject,
}
