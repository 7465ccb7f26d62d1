using System.Text.Json;

namespace Bowline.Nats.JetStream;

/// <summary>Reads the confirmation of a publish without garbage, except for errors.</summary>
internal static class PubAck
{
    public static (ulong Sequence, bool Duplicate, NatsException? Error) Read(ReadOnlySpan<byte> json)
    {
        ulong sequence = 0;
        var duplicate = false;
        var hasStream = false;
        try
        {
            var reader = new Utf8JsonReader(json);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return (0, false, NotAnAck());
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("error"u8))
                {
                    var error = JsonSerializer.Deserialize(json, JetStreamJson.Default.PubAckResponse)?.Error;
                    return (0, false, NatsJSApiException.From(error ?? new ApiError()));
                }

                var isSequence = reader.ValueTextEquals("seq"u8);
                var isDuplicate = reader.ValueTextEquals("duplicate"u8);
                hasStream |= reader.ValueTextEquals("stream"u8);
                reader.Read();
                sequence = isSequence ? reader.GetUInt64() : sequence;
                duplicate = isDuplicate ? reader.GetBoolean() : duplicate;
                reader.Skip();
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            return (0, false, NotAnAck(e));
        }

        return hasStream && sequence > 0 ? (sequence, duplicate, null) : (0, false, NotAnAck());
    }

    private static NatsJSException NotAnAck(Exception? inner = null) =>
        new("The answer of the publish is not a confirmation: somebody else answers on this subject.", inner);
}
