using System.Text.Json.Serialization;

namespace Bowline.Nats.JetStream;

/// <summary>Where a stream lives.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<StreamConfigStorage>))]
public enum StreamConfigStorage
{
    /// <summary>On disk.</summary>
    [JsonStringEnumMemberName("file")]
    File,

    /// <summary>In memory, gone with the server.</summary>
    [JsonStringEnumMemberName("memory")]
    Memory,
}
