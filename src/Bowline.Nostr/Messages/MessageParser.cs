using System.Text.Json;

namespace Bowline.Nostr;

/// <summary>What the readers of both sides share: the list a message is, its type, and its subscription id.</summary>
internal static class MessageParser
{
    // [ type, { event: [ [ tag ] ] } ] is four deep; what is unknown in an event may go a little further.
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 32 };

    public delegate T? ReadBody<out T>(ref Utf8JsonReader reader, string type, out MessageProblem? problem);

    /// <summary>Reads one message that is the whole text; null with a problem for anything else. Never throws for bad input.</summary>
    public static T? Read<T>(ReadOnlySpan<byte> json, string known, Func<string, bool> isKnown, ReadBody<T> readBody, out MessageProblem? problem)
        where T : class
    {
        var reader = new Utf8JsonReader(json, Options);
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray)
            {
                problem = new("a message is a JSON list");
                return null;
            }

            if (!reader.Read() || !JsonText.TryGet(ref reader, out var type) || !isKnown(type))
            {
                problem = new($"a message begins with {known}");
                return null;
            }

            var message = readBody(ref reader, type, out problem);
            if (message is null)
            {
                problem = (problem ?? new("not a message")) with { Type = type };
                return null;
            }

            // More elements than we know are left alone, as long as they are JSON.
            while (reader.Read())
            {
            }

            problem = null;
            return message;
        }
        catch (JsonException)
        {
            problem = new("not JSON");
            return null;
        }
    }

    /// <summary>The next element as a string of 1 to so many characters.</summary>
    public static bool TryReadSubscriptionId(ref Utf8JsonReader reader, int maxLength, out string id, out MessageProblem? problem)
    {
        id = "";
        problem = null;
        if (reader.Read() && JsonText.TryGet(ref reader, out id) && id.Length > 0 && id.Length <= maxLength)
        {
            return true;
        }

        problem = new($"a subscription id is a string of 1 to {maxLength} characters");
        return false;
    }

    /// <summary>The next element as an event.</summary>
    public static NostrEvent? ReadEvent(ref Utf8JsonReader reader, out MessageProblem? problem)
    {
        problem = null;
        if (!reader.Read() || reader.TokenType == JsonTokenType.EndArray)
        {
            problem = new("the event is missing");
            return null;
        }

        var again = reader;
        if (EventReader.TryRead(ref reader, out var value, out var text))
        {
            return value;
        }

        problem = new(text) { EventId = FindId(ref again) };
        return null;
    }

    /// <summary>The id a malformed event gives, so that the refusal can name it.</summary>
    private static EventId? FindId(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return null;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isId = !reader.ValueIsEscaped && reader.ValueTextEquals("id"u8);
            if (!reader.Read())
            {
                return null;
            }

            if (isId)
            {
                return EventId.TryParse(JsonText.Raw(ref reader), out var id) ? id : null;
            }

            reader.Skip();
        }

        return null;
    }
}
