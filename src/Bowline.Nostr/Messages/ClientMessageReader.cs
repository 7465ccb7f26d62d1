using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Bowline.Nostr;

/// <summary>Reads what clients send (NIP-01, NIP-42, NIP-45), for relays. Never throws for bad input, and checks no signature.</summary>
public static class ClientMessageReader
{
    /// <summary>Reads one message that is the whole text.</summary>
    /// <param name="json">UTF-8 JSON.</param>
    /// <param name="limits">How much it may hold.</param>
    /// <param name="message">The message.</param>
    /// <param name="problem">What is wrong with it, and whom to tell.</param>
    public static bool TryRead(
        ReadOnlySpan<byte> json,
        MessageLimits limits,
        [NotNullWhen(true)] out ClientMessage? message,
        [NotNullWhen(false)] out MessageProblem? problem)
    {
        ArgumentNullException.ThrowIfNull(limits);
        message = MessageParser.Read<ClientMessage>(
            json,
            "EVENT, REQ, CLOSE, AUTH or COUNT",
            static type => type is MessageTypes.Event or MessageTypes.Request or MessageTypes.Close or MessageTypes.Auth or MessageTypes.Count,
            (ref Utf8JsonReader reader, string type, out MessageProblem? found) => ReadBody(ref reader, type, limits, out found),
            out problem);
        return message is not null;
    }

    private static ClientMessage? ReadBody(ref Utf8JsonReader reader, string type, MessageLimits limits, out MessageProblem? problem)
    {
        if (type is MessageTypes.Event or MessageTypes.Auth)
        {
            return MessageParser.ReadEvent(ref reader, out problem) is not { } value ? null
                : type is MessageTypes.Event ? new ClientEventMessage(value)
                : new ClientAuthMessage(value);
        }

        if (!MessageParser.TryReadSubscriptionId(ref reader, limits.MaxSubscriptionIdLength, out var id, out problem))
        {
            return null;
        }

        if (type is MessageTypes.Close)
        {
            return new ClientCloseMessage(id);
        }

        if (ReadFilters(ref reader, limits, out var text) is not { } filters)
        {
            problem = new(text!) { SubscriptionId = id };
            return null;
        }

        return type is MessageTypes.Request ? new ClientRequestMessage(id, filters) : new ClientCountMessage(id, filters);
    }

    private static List<NostrFilter>? ReadFilters(ref Utf8JsonReader reader, MessageLimits limits, out string? problem)
    {
        List<NostrFilter> filters = [];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (filters.Count == limits.MaxFilters)
            {
                problem = $"a subscription has {limits.MaxFilters} filters at most";
                return null;
            }

            if (!FilterReader.TryRead(ref reader, limits.MaxFilterValues, out var filter, out problem))
            {
                return null;
            }

            filters.Add(filter);
        }

        problem = filters.Count == 0 ? "a subscription has at least one filter" : null;
        return filters.Count == 0 ? null : filters;
    }
}
