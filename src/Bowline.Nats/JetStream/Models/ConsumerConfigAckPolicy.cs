using System.Text.Json.Serialization;

namespace Bowline.Nats.JetStream;

/// <summary>What is acknowledged.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ConsumerConfigAckPolicy>))]
public enum ConsumerConfigAckPolicy
{
    /// <summary>Nothing.</summary>
    [JsonStringEnumMemberName("none")]
    None,

    /// <summary>A message and all before it.</summary>
    [JsonStringEnumMemberName("all")]
    All,

    /// <summary>Each message.</summary>
    [JsonStringEnumMemberName("explicit")]
    Explicit,
}
