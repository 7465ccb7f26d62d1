using System.Text.Json.Serialization;

namespace Bowline.Nats.JetStream;

/// <summary>How fast a consumer delivers.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ConsumerConfigReplayPolicy>))]
public enum ConsumerConfigReplayPolicy
{
    /// <summary>As fast as it is asked.</summary>
    [JsonStringEnumMemberName("instant")]
    Instant,

    /// <summary>As the messages were published.</summary>
    [JsonStringEnumMemberName("original")]
    Original,
}
