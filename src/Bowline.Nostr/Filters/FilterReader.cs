using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Bowline.Nostr;

/// <summary>Reads filters from JSON (NIP-01, NIP-50). Never throws for bad input; a condition it does not know is refused, because ignoring it would match too much.</summary>
public static class FilterReader
{
    /// <summary>Reads one filter that is the whole text.</summary>
    /// <param name="json">UTF-8 JSON.</param>
    /// <param name="maxValues">The most values all lists of the filter may have together.</param>
    /// <param name="filter">The filter.</param>
    /// <param name="problem">What is wrong with it.</param>
    public static bool TryRead(ReadOnlySpan<byte> json, int maxValues, [NotNullWhen(true)] out NostrFilter? filter, [NotNullWhen(false)] out string? problem)
    {
        filter = null;
        var reader = new Utf8JsonReader(json);
        try
        {
            problem = "not JSON";
            return reader.Read() && TryRead(ref reader, maxValues, out filter, out problem) && !reader.Read();
        }
        catch (JsonException)
        {
            filter = null;
            problem = "not JSON";
            return false;
        }
    }

    /// <summary>Reads the object the reader stands on, up to its end.</summary>
    /// <param name="reader">Stands on the start of an object.</param>
    /// <param name="maxValues">The most values all lists of the filter may have together.</param>
    /// <param name="filter">The filter.</param>
    /// <param name="problem">What is wrong with it; the reader may then stand anywhere.</param>
    /// <exception cref="JsonException">The text is not JSON.</exception>
    public static bool TryRead(ref Utf8JsonReader reader, int maxValues, [NotNullWhen(true)] out NostrFilter? filter, [NotNullWhen(false)] out string? problem)
    {
        filter = null;
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            problem = "a filter is a JSON object";
            return false;
        }

        var parts = new Parts { Left = maxValues };
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            if (!TryReadCondition(ref reader, parts, out problem))
            {
                return false;
            }
        }

        if (parts.Left < 0)
        {
            problem = $"a filter may have {maxValues} values at most";
            return false;
        }

        problem = null;
        filter = new()
        {
            Ids = parts.Ids,
            Authors = parts.Authors,
            Kinds = parts.Kinds,
            Tags = parts.Tags ?? (IReadOnlyDictionary<char, IReadOnlyList<string>>)System.Collections.Frozen.FrozenDictionary<char, IReadOnlyList<string>>.Empty,
            Since = parts.Since,
            Until = parts.Until,
            Limit = parts.Limit,
            Search = parts.Search,
        };
        return true;
    }

    private static bool TryReadCondition(ref Utf8JsonReader reader, Parts parts, [NotNullWhen(false)] out string? problem)
    {
        if (!JsonText.TryGetName(ref reader, out var name) || !reader.Read())
        {
            problem = "a filter is a JSON object";
            return false;
        }

        if (!parts.Seen.Add(name))
        {
            problem = $"{name} is there twice";
            return false;
        }

        problem = name switch
        {
            "ids" => TryReadList(ref reader, parts, static (ref Utf8JsonReader r, out EventId id) => EventId.TryParse(JsonText.Raw(ref r), out id), out parts.Ids) ? null : "ids must be a list of 64 lower-case hex digits each",
            "authors" => TryReadList(ref reader, parts, static (ref Utf8JsonReader r, out NostrPublicKey key) => NostrPublicKey.TryParse(JsonText.Raw(ref r), out key), out parts.Authors) ? null : "authors must be a list of 64 lower-case hex digits each",
            "kinds" => TryReadList(ref reader, parts, TryReadKind, out parts.Kinds) ? null : "kinds must be a list of whole numbers from 0 to 65535",
            "since" => TryReadTime(ref reader, out parts.Since) ? null : "since must be unix seconds",
            "until" => TryReadTime(ref reader, out parts.Until) ? null : "until must be unix seconds",
            "limit" => TryReadLimit(ref reader, out parts.Limit) ? null : "limit must be a whole number, 0 or more",
            "search" => JsonText.TryGet(ref reader, out parts.Search!) ? null : "search must be a string",
            ['#', var letter] when char.IsAsciiLetter(letter) => TryReadTag(ref reader, parts, letter) ? null : $"#{letter} must be a list of strings",
            _ => "a filter has ids, authors, kinds, since, until, limit, search and # with one letter",
        };
        return problem is null;
    }

    private static bool TryReadTag(ref Utf8JsonReader reader, Parts parts, char letter)
    {
        if (!TryReadList<string>(ref reader, parts, JsonText.TryGet, out var values))
        {
            return false;
        }

        (parts.Tags ??= [])[letter] = values!;
        return true;
    }

    private static bool TryReadList<T>(ref Utf8JsonReader reader, Parts parts, TryReadItem<T> read, out IReadOnlyList<T>? values)
    {
        values = null;
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            return false;
        }

        List<T> list = [];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (!read(ref reader, out var item))
            {
                return false;
            }

            if (--parts.Left >= 0)
            {
                list.Add(item);
            }
        }

        values = list;
        return true;
    }

    private static bool TryReadKind(ref Utf8JsonReader reader, out int kind)
    {
        kind = 0;
        return reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out kind) && kind is >= 0 and <= NostrKind.Max;
    }

    private static bool TryReadTime(ref Utf8JsonReader reader, out long? time)
    {
        time = reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var value) ? value : null;
        return time is not null;
    }

    private static bool TryReadLimit(ref Utf8JsonReader reader, out int? limit)
    {
        limit = reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var value) && value >= 0 ? (int)Math.Min(value, int.MaxValue) : null;
        return limit is not null;
    }

    private delegate bool TryReadItem<T>(ref Utf8JsonReader reader, out T item);

    private sealed class Parts
    {
        public readonly HashSet<string> Seen = new(StringComparer.Ordinal);
        public IReadOnlyList<EventId>? Ids;
        public IReadOnlyList<NostrPublicKey>? Authors;
        public IReadOnlyList<int>? Kinds;
        public Dictionary<char, IReadOnlyList<string>>? Tags;
        public long? Since;
        public long? Until;
        public int? Limit;
        public string? Search;
        public int Left;
    }
}
