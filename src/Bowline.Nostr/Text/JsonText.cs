using System.Text.Json;

namespace Bowline.Nostr;

/// <summary>Strings out of JSON that came from the network.</summary>
internal static class JsonText
{
    /// <summary>False when it is no string, or one that is no text: a lone surrogate, or bytes that are not UTF-8.</summary>
    public static bool TryGet(ref Utf8JsonReader reader, out string text)
    {
        text = "";
        return reader.TokenType == JsonTokenType.String && TryGetAny(ref reader, out text);
    }

    /// <summary>The name of a property, under the same conditions.</summary>
    public static bool TryGetName(ref Utf8JsonReader reader, out string name) => TryGetAny(ref reader, out name);

    /// <summary>The bytes of a string as they stand there, for text that needs no escapes; empty for anything else.</summary>
    public static ReadOnlySpan<byte> Raw(ref Utf8JsonReader reader) => reader.TokenType == JsonTokenType.String ? reader.ValueSpan : default;

    private static bool TryGetAny(ref Utf8JsonReader reader, out string text)
    {
        text = "";
        try
        {
            text = reader.GetString()!;
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
