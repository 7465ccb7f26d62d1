using System.Text.Json;
using System.Text.Json.Serialization;

namespace Bowline.Nats.Jwt;

/// <summary>Reads and writes times as whole unix seconds; zero means that none is set.</summary>
internal sealed class UnixSecondsConverter : JsonConverter<DateTimeOffset?>
{
    private static readonly long Max = DateTimeOffset.MaxValue.ToUnixTimeSeconds();

    public override DateTimeOffset? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        var seconds = reader.GetInt64();
        return seconds switch
        {
            0 => null,
            > 0 when seconds <= Max => DateTimeOffset.FromUnixTimeSeconds(seconds),
            _ => throw new JsonException("The time is out of range."),
        };
    }

    public override void Write(Utf8JsonWriter writer, DateTimeOffset? value, JsonSerializerOptions options) =>
        writer.WriteNumberValue(value?.ToUnixTimeSeconds() ?? 0);
}
