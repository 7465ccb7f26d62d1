using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Bowline.Nostr;

/// <summary>
/// Writes events as JSON with exactly the escapes NIP-01 names (<c>\n \" \\ \r \t \b \f</c>, and <c>\u00xx</c> for the other control
/// characters, which JSON cannot carry raw); everything else is UTF-8 as it is, so that the bytes can be hashed.
/// </summary>
public static class EventWriter
{
    private static readonly SearchValues<char> Escaped = SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(static c => (char)c), '"', '\\']);

    /// <summary>The event as one JSON object.</summary>
    public static string ToJson(NostrEvent value)
    {
        ArgumentNullException.ThrowIfNull(value);
        var buffer = new ArrayBufferWriter<byte>(512 + value.Content.Length);
        Write(buffer, value);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>The event as one JSON object, in UTF-8.</summary>
    public static void Write(IBufferWriter<byte> destination, NostrEvent value)
    {
        ArgumentNullException.ThrowIfNull(destination);
        ArgumentNullException.ThrowIfNull(value);
        WriteUnsigned(destination, value.Id, value.PublicKey, value.CreatedAt, value.Kind, value.Tags, value.Content);
        Span<byte> signature = stackalloc byte[NostrSignature.Size];
        value.Signature.CopyTo(signature);
        var span = destination.GetSpan(16 + (2 * NostrSignature.Size));
        ",\"sig\":\""u8.CopyTo(span);
        Hex.Encode(signature, span[8..]);
        "\"}"u8.CopyTo(span[136..]);
        destination.Advance(138);
    }

    /// <summary>The rumor as one JSON object without a signature, in UTF-8.</summary>
    internal static void Write(IBufferWriter<byte> destination, Rumor value)
    {
        WriteUnsigned(destination, value.Id, value.PublicKey, value.CreatedAt, value.Kind, value.Tags, value.Content);
        destination.Write("}"u8);
    }

    /// <summary>What the id is the hash of: <c>[0,pubkey,created_at,kind,tags,content]</c>.</summary>
    internal static void WriteCanonical(
        IBufferWriter<byte> destination, NostrPublicKey publicKey, long createdAt, int kind, IReadOnlyList<NostrTag> tags, string content)
    {
        Span<byte> key = stackalloc byte[NostrPublicKey.Size];
        publicKey.CopyTo(key);
        var span = destination.GetSpan(128);
        "[0,\""u8.CopyTo(span);
        Hex.Encode(key, span[4..]);
        "\","u8.CopyTo(span[68..]);
        var length = 70 + Format(span[70..], createdAt);
        span[length++] = (byte)',';
        length += Format(span[length..], kind);
        span[length++] = (byte)',';
        destination.Advance(length);
        WriteTags(destination, tags);
        destination.Write(","u8);
        WriteString(destination, content);
        destination.Write("]"u8);
    }

    /// <summary>All of the object but the signature and the closing brace.</summary>
    private static void WriteUnsigned(
        IBufferWriter<byte> destination, EventId id, NostrPublicKey publicKey, long createdAt, int kind, IReadOnlyList<NostrTag> tags, string content)
    {
        Span<byte> bytes = stackalloc byte[Bytes32.Size];
        var span = destination.GetSpan(256);
        "{\"id\":\""u8.CopyTo(span);
        id.CopyTo(bytes);
        Hex.Encode(bytes, span[7..]);
        "\",\"pubkey\":\""u8.CopyTo(span[71..]);
        publicKey.CopyTo(bytes);
        Hex.Encode(bytes, span[83..]);
        "\",\"created_at\":"u8.CopyTo(span[147..]);
        var length = 162 + Format(span[162..], createdAt);
        ",\"kind\":"u8.CopyTo(span[length..]);
        length += 8;
        length += Format(span[length..], kind);
        ",\"tags\":"u8.CopyTo(span[length..]);
        destination.Advance(length + 8);
        WriteTags(destination, tags);
        destination.Write(",\"content\":"u8);
        WriteString(destination, content);
    }

    /// <summary>A JSON string with the escapes of NIP-01; a lone surrogate is written as U+FFFD.</summary>
    internal static void WriteString(IBufferWriter<byte> destination, ReadOnlySpan<char> text)
    {
        destination.Write("\""u8);
        while (!text.IsEmpty)
        {
            var plain = text.IndexOfAny(Escaped);
            if (plain != 0)
            {
                var run = plain < 0 ? text : text[..plain];
                _ = Encoding.UTF8.GetBytes(run, destination);
                text = text[run.Length..];
                continue;
            }

            WriteEscape(destination, text[0]);
            text = text[1..];
        }

        destination.Write("\""u8);
    }

    private static void WriteEscape(IBufferWriter<byte> destination, char c)
    {
        switch (c)
        {
            case '\n':
                destination.Write("\\n"u8);
                break;
            case '"':
                destination.Write("\\\""u8);
                break;
            case '\\':
                destination.Write("\\\\"u8);
                break;
            case '\r':
                destination.Write("\\r"u8);
                break;
            case '\t':
                destination.Write("\\t"u8);
                break;
            case '\b':
                destination.Write("\\b"u8);
                break;
            case '\f':
                destination.Write("\\f"u8);
                break;
            default:
                Span<byte> hex = stackalloc byte[2];
                Hex.Encode([(byte)c], hex);
                destination.Write("\\u00"u8);
                destination.Write(hex);
                break;
        }
    }

    private static void WriteTags(IBufferWriter<byte> destination, IReadOnlyList<NostrTag> tags)
    {
        destination.Write("["u8);
        for (var i = 0; i < tags.Count; i++)
        {
            destination.Write(i == 0 ? "["u8 : ",["u8);
            var values = tags[i].Values;
            for (var j = 0; j < values.Count; j++)
            {
                if (j > 0)
                {
                    destination.Write(","u8);
                }

                WriteString(destination, values[j]);
            }

            destination.Write("]"u8);
        }

        destination.Write("]"u8);
    }

    private static int Format(Span<byte> destination, long value) => Utf8Formatter.TryFormat(value, destination, out var written)
        ? written
        : throw new InvalidOperationException("No room for a number.");
}
