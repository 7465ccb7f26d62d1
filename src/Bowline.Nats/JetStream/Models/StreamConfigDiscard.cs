using System.Text.Json.Serialization;

namespace Bowline.Nats.JetStream;

/// <summary>What a full stream does.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<StreamConfigDiscard>))]
public enum StreamConfigDiscard
{
    /// <summary>Removes its oldest messages.</summary>
    [JsonStringEnumMemberName("old")]
    Old,

    /// <summary>Refuses new messages.</summary>
    [JsonStringEnumMemberName("new")]
    New,
}
