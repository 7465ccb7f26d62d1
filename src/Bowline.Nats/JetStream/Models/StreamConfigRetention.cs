using System.Text.Json.Serialization;

namespace Bowline.Nats.JetStream;

/// <summary>When a stream removes messages.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<StreamConfigRetention>))]
public enum StreamConfigRetention
{
    /// <summary>When a limit is reached.</summary>
    [JsonStringEnumMemberName("limits")]
    Limits,

    /// <summary>When every consumer has acknowledged it.</summary>
    [JsonStringEnumMemberName("interest")]
    Interest,

    /// <summary>When one consumer has acknowledged it.</summary>
    [JsonStringEnumMemberName("workqueue")]
    Workqueue,
}
