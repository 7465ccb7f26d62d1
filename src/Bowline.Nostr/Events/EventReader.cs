using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Bowline.Nostr;

/// <summary>
/// Reads events from JSON (NIP-01). Strict on what is hashed and indexed, silent about unknown fields. Never throws for bad input and
/// checks no signature: <see cref="NostrEvent.Verify"/> does.
/// </summary>
public static class EventReader
{
    /// <summary>The latest time an event can carry: what JSON numbers hold exactly.</summary>
    public const long MaxCreatedAt = 1L << 53;

    [Flags]
    private enum Fields
    {
        None = 0,
        Id = 1,
        PublicKey = 2,
        CreatedAt = 4,
        Kind = 8,
        Tags = 16,
        Content = 32,
        Signature = 64,
        All = 127,
    }

    /// <summary>Reads one event that is the whole text.</summary>
    /// <param name="json">UTF-8 JSON.</param>
    /// <param name="value">The event.</param>
    /// <param name="problem">What is wrong with it, in words for its sender.</param>
    public static bool TryRead(ReadOnlySpan<byte> json, [NotNullWhen(true)] out NostrEvent? value, [NotNullWhen(false)] out string? problem)
    {
        var ok = TryReadWhole(json, Fields.All, out var parts, out problem);
        value = ok ? parts.ToEvent() : null;
        return ok;
    }

    /// <summary>Reads one event without a signature that is the whole text, as gift wraps hold it (NIP-59). A signature that is there is left out.</summary>
    /// <param name="json">UTF-8 JSON.</param>
    /// <param name="value">The event; its id is right, or was not there.</param>
    /// <param name="problem">What is wrong with it.</param>
    public static bool TryReadRumor(ReadOnlySpan<byte> json, [NotNullWhen(true)] out Rumor? value, [NotNullWhen(false)] out string? problem)
    {
        value = null;
        if (!TryReadWhole(json, Fields.All & ~(Fields.Id | Fields.Signature), out var parts, out problem))
        {
            return false;
        }

        var rumor = parts.ToRumor();
        problem = (parts.Seen & Fields.Id) == 0 || parts.Id == rumor.Id ? null : "the id is not the hash of the event";
        value = problem is null ? rumor : null;
        return problem is null;
    }

    /// <summary>Reads the object the reader stands on, up to its end.</summary>
    /// <param name="reader">Stands on the start of an object.</param>
    /// <param name="value">The event.</param>
    /// <param name="problem">What is wrong with it; the reader may then stand anywhere.</param>
    /// <exception cref="JsonException">The text is not JSON.</exception>
    public static bool TryRead(ref Utf8JsonReader reader, [NotNullWhen(true)] out NostrEvent? value, [NotNullWhen(false)] out string? problem)
    {
        var ok = TryReadParts(ref reader, Fields.All, out var parts, out problem);
        value = ok ? parts.ToEvent() : null;
        return ok;
    }

    private static bool TryReadWhole(ReadOnlySpan<byte> json, Fields needed, out Parts parts, [NotNullWhen(false)] out string? problem)
    {
        parts = default;
        var reader = new Utf8JsonReader(json);
        try
        {
            problem = "not JSON";

            // What follows the object is refused by the reader itself: one text is one value.
            return reader.Read() && TryReadParts(ref reader, needed, out parts, out problem) && !reader.Read();
        }
        catch (JsonException)
        {
            problem = "not JSON";
            return false;
        }
    }

    private static bool TryReadParts(ref Utf8JsonReader reader, Fields needed, out Parts parts, [NotNullWhen(false)] out string? problem)
    {
        parts = default;
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            problem = "an event is a JSON object";
            return false;
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var field = FieldOf(ref reader);
            if (field == Fields.Signature && (needed & field) == 0)
            {
                field = Fields.None;
            }

            if ((parts.Seen & field) != Fields.None)
            {
                // Readers differ in which one they take: such an event would be another event elsewhere.
                problem = $"{Describe(field)} (twice)";
                return false;
            }

            if (!reader.Read() || !TryReadField(ref reader, field, ref parts))
            {
                problem = Describe(field);
                return false;
            }

            parts.Seen |= field;
        }

        problem = (parts.Seen & needed) == needed ? null : $"{Describe(Missing(needed & ~parts.Seen))} (missing)";
        return problem is null;
    }

    private static bool TryReadField(ref Utf8JsonReader reader, Fields field, ref Parts parts) => field switch
    {
        Fields.Id => EventId.TryParse(TextOf(ref reader), out parts.Id),
        Fields.PublicKey => NostrPublicKey.TryParse(TextOf(ref reader), out parts.PublicKey),
        Fields.Signature => NostrSignature.TryParse(TextOf(ref reader), out parts.Signature),
        Fields.CreatedAt => reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out parts.CreatedAt) && parts.CreatedAt is >= 0 and <= MaxCreatedAt,
        Fields.Kind => reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out parts.Kind) && parts.Kind is >= 0 and <= NostrKind.Max,
        Fields.Tags => TryReadTags(ref reader, out parts.Tags),
        Fields.Content => JsonText.TryGet(ref reader, out parts.Content),
        _ => Skip(ref reader),
    };

    private static Fields FieldOf(ref Utf8JsonReader reader) =>
        reader.ValueIsEscaped ? Fields.None
        : reader.ValueTextEquals("id"u8) ? Fields.Id
        : reader.ValueTextEquals("pubkey"u8) ? Fields.PublicKey
        : reader.ValueTextEquals("created_at"u8) ? Fields.CreatedAt
        : reader.ValueTextEquals("kind"u8) ? Fields.Kind
        : reader.ValueTextEquals("tags"u8) ? Fields.Tags
        : reader.ValueTextEquals("content"u8) ? Fields.Content
        : reader.ValueTextEquals("sig"u8) ? Fields.Signature
        : Fields.None;

    /// <summary>The first of them.</summary>
    private static Fields Missing(Fields missing) => missing & (Fields)(-(int)missing);

    private static string Describe(Fields field) => field switch
    {
        Fields.Id => "id must be 64 lower-case hex digits",
        Fields.PublicKey => "pubkey must be 64 lower-case hex digits",
        Fields.CreatedAt => "created_at must be unix seconds",
        Fields.Kind => "kind must be a whole number from 0 to 65535",
        Fields.Tags => "tags must be a list of lists of strings, none of them empty",
        Fields.Content => "content must be a string",
        Fields.Signature => "sig must be 128 lower-case hex digits",
        _ => "not an event",
    };

    /// <summary>The raw text of a hex string; escapes are not resolved, because hex has none.</summary>
    private static ReadOnlySpan<byte> TextOf(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.String && !reader.HasValueSequence ? reader.ValueSpan : default;

    private static bool Skip(ref Utf8JsonReader reader)
    {
        reader.Skip();
        return true;
    }

    private static bool TryReadTags(ref Utf8JsonReader reader, out IReadOnlyList<NostrTag>? tags)
    {
        tags = null;
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            return false;
        }

        List<NostrTag>? list = null;
        List<string> values = [];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.StartArray)
            {
                return false;
            }

            values.Clear();
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                if (!JsonText.TryGet(ref reader, out var text))
                {
                    return false;
                }

                values.Add(text);
            }

            if (values.Count == 0)
            {
                return false;
            }

            (list ??= []).Add(new([.. values]));
        }

        tags = list ?? (IReadOnlyList<NostrTag>)[];
        return true;
    }

    private struct Parts
    {
        public Fields Seen;
        public EventId Id;
        public NostrPublicKey PublicKey;
        public NostrSignature Signature;
        public long CreatedAt;
        public int Kind;
        public IReadOnlyList<NostrTag>? Tags;
        public string Content;

        public readonly NostrEvent ToEvent() => new()
        {
            Id = Id,
            PublicKey = PublicKey,
            CreatedAt = CreatedAt,
            Kind = Kind,
            Tags = Tags!,
            Content = Content,
            Signature = Signature,
        };

        public readonly Rumor ToRumor() => new(PublicKey, CreatedAt, Kind, Tags!, Content);
    }
}
