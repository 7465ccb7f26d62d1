using System.Text.Json;

namespace Bowline.Hub.NatsServer;

/// <summary>Reads <c>nats-server_&lt;pid&gt;.ports</c>, in which the server says where it listens.</summary>
internal static class NatsPortsFile
{
    /// <summary>The client port, or null while the file is missing or half written.</summary>
    public static int? TryRead(string folder)
    {
        foreach (var file in Directory.GetFiles(folder, "*.ports"))
        {
            try
            {
                if (Parse(File.ReadAllBytes(file)) is { } port)
                {
                    return port;
                }
            }
            catch (IOException)
            {
                return null; // The server is still writing it; asked again in a moment.
            }
        }

        return null;
    }

    internal static int? Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            using var document = JsonDocument.ParseValue(ref reader);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("nats", out var addresses)
                && addresses.ValueKind == JsonValueKind.Array && addresses.GetArrayLength() > 0
                && addresses[0].ValueKind == JsonValueKind.String
                && Uri.TryCreate(addresses[0].GetString(), UriKind.Absolute, out var url) && url.Port > 0
                    ? url.Port
                    : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
