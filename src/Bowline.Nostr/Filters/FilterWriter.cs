using System.Buffers;
using System.Text.Json;

namespace Bowline.Nostr;

/// <summary>Writes filters as JSON (NIP-01, NIP-50).</summary>
public static class FilterWriter
{
    /// <summary>One JSON object.</summary>
    public static void Write(IBufferWriter<byte> destination, NostrFilter filter)
    {
        using var writer = new Utf8JsonWriter(destination);
        Write(writer, filter);
    }

    /// <summary>One JSON object.</summary>
    public static void Write(Utf8JsonWriter writer, NostrFilter filter)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(filter);
        writer.WriteStartObject();
        WriteList(writer, "ids", filter.Ids, static (w, id) => w.WriteStringValue(id.ToString()));
        WriteList(writer, "authors", filter.Authors, static (w, key) => w.WriteStringValue(key.ToString()));
        WriteList(writer, "kinds", filter.Kinds, static (w, kind) => w.WriteNumberValue(kind));
        foreach (var (letter, values) in filter.Tags)
        {
            WriteList(writer, $"#{letter}", values, static (w, value) => w.WriteStringValue(value));
        }

        WriteNumber(writer, "since", filter.Since);
        WriteNumber(writer, "until", filter.Until);
        WriteNumber(writer, "limit", filter.Limit);
        if (filter.Search is { } search)
        {
            writer.WriteString("search", search);
        }

        writer.WriteEndObject();
    }

    private static void WriteList<T>(Utf8JsonWriter writer, string name, IReadOnlyList<T>? values, Action<Utf8JsonWriter, T> write)
    {
        if (values is null)
        {
            return;
        }

        writer.WriteStartArray(name);
        foreach (var value in values)
        {
            write(writer, value);
        }

        writer.WriteEndArray();
    }

    private static void WriteNumber(Utf8JsonWriter writer, string name, long? value)
    {
        if (value is { } number)
        {
            writer.WriteNumber(name, number);
        }
    }
}
