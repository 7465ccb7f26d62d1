using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Bowline.Nostr;

/// <summary>
/// Reads what relays send (NIP-01, NIP-42, NIP-45), for clients. Never throws for bad input, and checks no signature. The texts of OK and
/// CLOSED may be missing, as some relays leave them out.
/// </summary>
public static class RelayMessageReader
{
    /// <summary>Reads one message that is the whole text.</summary>
    /// <param name="json">UTF-8 JSON.</param>
    /// <param name="limits">How much it may hold.</param>
    /// <param name="message">The message.</param>
    /// <param name="problem">What is wrong with it.</param>
    public static bool TryRead(
        ReadOnlySpan<byte> json,
        MessageLimits limits,
        [NotNullWhen(true)] out RelayMessage? message,
        [NotNullWhen(false)] out MessageProblem? problem)
    {
        ArgumentNullException.ThrowIfNull(limits);
        message = MessageParser.Read<RelayMessage>(
            json,
            "EVENT, OK, EOSE, CLOSED, NOTICE, AUTH or COUNT",
            static type => type is MessageTypes.Event or MessageTypes.Ok or MessageTypes.EndOfStored or MessageTypes.Closed
                or MessageTypes.Notice or MessageTypes.Auth or MessageTypes.Count,
            (ref Utf8JsonReader reader, string type, out MessageProblem? found) => ReadBody(ref reader, type, limits, out found),
            out problem);
        return message is not null;
    }

    private static RelayMessage? ReadBody(ref Utf8JsonReader reader, string type, MessageLimits limits, out MessageProblem? problem)
    {
        switch (type)
        {
            case MessageTypes.Ok:
                return ReadOk(ref reader, out problem);
            case MessageTypes.Notice:
                problem = new("a notice has a text");
                return reader.Read() && JsonText.TryGet(ref reader, out var notice) ? new RelayNoticeMessage(notice) : null;
            case MessageTypes.Auth:
                problem = new("a challenge is a string, not an empty one");
                return reader.Read() && JsonText.TryGet(ref reader, out var challenge) && challenge.Length > 0 ? new RelayAuthMessage(challenge) : null;
        }

        if (!MessageParser.TryReadSubscriptionId(ref reader, limits.MaxSubscriptionIdLength, out var id, out problem))
        {
            return null;
        }

        RelayMessage? message = type switch
        {
            MessageTypes.Event => MessageParser.ReadEvent(ref reader, out problem) is { } value ? new RelayEventMessage(id, value) : null,
            MessageTypes.EndOfStored => new RelayEndOfStoredMessage(id),
            MessageTypes.Closed => TryReadText(ref reader, out var text, out problem) ? new RelayClosedMessage(id, text) : null,
            _ => ReadCount(ref reader, id, out problem),
        };
        problem = problem is null ? null : problem with { SubscriptionId = id };
        return message;
    }

    private static RelayOkMessage? ReadOk(ref Utf8JsonReader reader, out MessageProblem? problem)
    {
        problem = new("OK has the id of an event, then true or false, then a text");
        if (!reader.Read() || !EventId.TryParse(JsonText.Raw(ref reader), out var id))
        {
            return null;
        }

        problem = problem with { EventId = id };
        if (!reader.Read() || reader.TokenType is not (JsonTokenType.True or JsonTokenType.False))
        {
            return null;
        }

        var accepted = reader.TokenType == JsonTokenType.True;
        return TryReadText(ref reader, out var text, out _) ? new(id, accepted, text) : null;
    }

    /// <summary>The next element as a string; none is empty.</summary>
    private static bool TryReadText(ref Utf8JsonReader reader, out string text, out MessageProblem? problem)
    {
        text = "";
        problem = null;
        if (!reader.Read() || reader.TokenType == JsonTokenType.EndArray || JsonText.TryGet(ref reader, out text))
        {
            return true;
        }

        problem = new("the reason is a string");
        return false;
    }

    private static RelayCountMessage? ReadCount(ref Utf8JsonReader reader, string id, out MessageProblem? problem)
    {
        problem = new("a count is an object with a whole number, 0 or more");
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return null;
        }

        long count = -1;
        var approximate = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (!JsonText.TryGetName(ref reader, out var name) || !reader.Read())
            {
                return null;
            }

            switch (name)
            {
                case "count" when reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out count):
                    return null;
                case "count":
                    break;
                case "approximate":
                    approximate = reader.TokenType == JsonTokenType.True;
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        if (count < 0)
        {
            return null;
        }

        problem = null;
        return new(id, count, approximate);
    }
}
