using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Bowline.Nats.Server;

/// <summary>What a server says in its ports file about where it listens.</summary>
public sealed record NatsServerPorts
{
    /// <summary>Addresses of the client port.</summary>
    [JsonPropertyName("nats")]
    public IReadOnlyList<string>? Clients { get; init; }

    /// <summary>Addresses of the monitoring port.</summary>
    [JsonPropertyName("monitoring")]
    public IReadOnlyList<string>? Monitoring { get; init; }

    /// <summary>Addresses of the port on which servers of a cluster meet.</summary>
    [JsonPropertyName("cluster")]
    public IReadOnlyList<string>? Cluster { get; init; }

    /// <summary>Addresses of the WebSocket port.</summary>
    [JsonPropertyName("websocket")]
    public IReadOnlyList<string>? WebSocket { get; init; }

    /// <summary>The file that the server with this process id writes into the folder, and removes at a clean exit only.</summary>
    public static string FileName(int processId) => $"nats-server_{processId.ToString(CultureInfo.InvariantCulture)}.ports";

    /// <summary>Parses the file's text; false while the server has written only a part of it.</summary>
    public static bool TryParse(string json, [NotNullWhen(true)] out NatsServerPorts? ports)
    {
        ports = null;
        try
        {
            ports = JsonSerializer.Deserialize(json, NatsServerJson.Default.NatsServerPorts);
        }
        catch (JsonException)
        {
            // Half written: the caller reads again.
            return false;
        }

        return ports?.Clients is { Count: > 0 };
    }
}

[JsonSerializable(typeof(NatsServerPorts))]
internal sealed partial class NatsServerJson : JsonSerializerContext;
