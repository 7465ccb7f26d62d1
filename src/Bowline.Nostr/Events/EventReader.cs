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
    public static bool TryRead(ReadOnlySpan<byte> json, out NostrEvent? value, out string? problem)
    {
        var reader = new Utf8JsonReader(json);
        try
        {
            if (!reader.Read())
            {
                value = null;
                problem = "not JSON";
                return false;
            }

            // What follows the object is refused by the reader itself: one text is one value.
            return TryRead(ref reader, out value, out problem) && !reader.Read();
        }
        catch (JsonException)
        {
            value = null;
            problem = "not JSON";
            return false;
        }
    }

    /// <summary>Reads the object the reader stands on, up to its end.</summary>
    /// <param name="reader">Stands on the start of an object.</param>
    /// <param name="value">The event.</param>
    /// <param name="problem">What is wrong with it; the reader may then stand anywhere.</param>
    /// <exception cref="JsonException">The text is not JSON.</exception>
    public static bool TryRead(ref Utf8JsonReader reader, out NostrEvent? value, out string? problem)
    {
        value = null;
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            problem = "an event is a JSON object";
            return false;
        }

        var seen = Fields.None;
        EventId id = default;
        NostrPublicKey publicKey = default;
        NostrSignature signature = default;
        long createdAt = 0;
        var kind = 0;
        IReadOnlyList<NostrTag>? tags = null;
        var content = "";
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var field = FieldOf(ref reader);
            if ((seen & field) != Fields.None)
            {
                // Readers differ in which one they take: such an event would be another event elsewhere.
                problem = $"{Describe(field)} (twice)";
                return false;
            }

            if (!reader.Read())
            {
                break;
            }

            var ok = field switch
            {
                Fields.Id => TextOf(ref reader, EventId.Size) is var text && EventId.TryParse(text, out id),
                Fields.PublicKey => TextOf(ref reader, NostrPublicKey.Size) is var text && NostrPublicKey.TryParse(text, out publicKey),
                Fields.Signature => TextOf(ref reader, NostrSignature.Size) is var text && NostrSignature.TryParse(text, out signature),
                Fields.CreatedAt => reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out createdAt) && createdAt is >= 0 and <= MaxCreatedAt,
                Fields.Kind => reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out kind) && kind is >= 0 and <= NostrKind.Max,
                Fields.Tags => TryReadTags(ref reader, out tags),
                Fields.Content => JsonText.TryGet(ref reader, out content),
                _ => Skip(ref reader),
            };
            if (!ok)
            {
                problem = Describe(field);
                return false;
            }

            seen |= field;
        }

        if (seen != Fields.All)
        {
            problem = $"{Describe(Missing(seen))} (missing)";
            return false;
        }

        problem = null;
        value = new()
        {
            Id = id,
            PublicKey = publicKey,
            CreatedAt = createdAt,
            Kind = kind,
            Tags = tags!,
            Content = content,
            Signature = signature,
        };
        return true;
    }

    // A name with escapes, which could be one no text can hold, is compared as it stands: it is none of ours.
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

    private static Fields Missing(Fields seen)
    {
        var missing = Fields.All & ~seen;
        return missing & (Fields)(-(int)missing);
    }

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
    private static ReadOnlySpan<byte> TextOf(ref Utf8JsonReader reader, int bytes) =>
        reader.TokenType == JsonTokenType.String && !reader.HasValueSequence && reader.ValueSpan.Length == 2 * bytes ? reader.ValueSpan : default;

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
}
