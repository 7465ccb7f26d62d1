using System.Text.Json;

namespace Bowline.Nats.JetStream;

/// <summary>Compares what was asked with what the server says is in force. Old servers drop unknown settings without a word.</summary>
internal static class ConfigEcho
{
    public static void Check(JsonElement asked, JsonElement given, string path = "")
    {
        var hasBackoff = asked.TryGetProperty("backoff", out _);
        foreach (var property in asked.EnumerateObject())
        {
            // The server derives ack_wait from the first backoff.
            if (IsEmpty(property.Value) || (hasBackoff && property.NameEquals("ack_wait")))
            {
                continue;
            }

            var name = path + property.Name;
            if (!given.TryGetProperty(property.Name, out var value))
            {
                throw new NatsJSConfigNotAppliedException(name, property.Value.GetRawText(), null);
            }

            if (property.Value.ValueKind == JsonValueKind.Object && value.ValueKind == JsonValueKind.Object)
            {
                Check(property.Value, value, name + ".");
            }
            else if (!SameTime(property.Value, value) && !JsonElement.DeepEquals(property.Value, value))
            {
                throw new NatsJSConfigNotAppliedException(name, property.Value.GetRawText(), value.GetRawText());
            }
        }
    }

    // What is not said and what is said to be nothing are the same to the server, which leaves such settings out.
    private static bool IsEmpty(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.False => true,
        JsonValueKind.Number => value.TryGetInt64(out var number) && number is 0 or -1,
        JsonValueKind.String => value.ValueEquals(""),
        JsonValueKind.Array => value.GetArrayLength() == 0,
        JsonValueKind.Object => !value.EnumerateObject().Any(),
        // The server omits an enumeration's first value in some versions; those are strings and compared above.
        _ => false,
    };

    private static bool SameTime(JsonElement asked, JsonElement given) =>
        asked.ValueKind == JsonValueKind.String && given.ValueKind == JsonValueKind.String
        && asked.TryGetDateTimeOffset(out var a) && given.TryGetDateTimeOffset(out var b) && a == b;
}
