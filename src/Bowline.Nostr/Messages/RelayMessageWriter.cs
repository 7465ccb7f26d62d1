using System.Buffers;
using System.Buffers.Text;

namespace Bowline.Nostr;

/// <summary>Writes what relays send, as UTF-8 JSON (NIP-01, NIP-42, NIP-45).</summary>
public static class RelayMessageWriter
{
    /// <summary>One JSON list.</summary>
    public static void Write(IBufferWriter<byte> destination, RelayMessage message)
    {
        ArgumentNullException.ThrowIfNull(destination);
        switch (message)
        {
            case RelayEventMessage { SubscriptionId: var id, Event: var value }:
                WriteStart(destination, "[\"EVENT\","u8, id);
                destination.Write(","u8);
                EventWriter.Write(destination, value);
                destination.Write("]"u8);
                break;
            case RelayOkMessage ok:
                WriteOk(destination, ok);
                break;
            case RelayEndOfStoredMessage { SubscriptionId: var id }:
                WriteStart(destination, "[\"EOSE\","u8, id);
                destination.Write("]"u8);
                break;
            case RelayClosedMessage closed:
                WriteStart(destination, "[\"CLOSED\","u8, closed.SubscriptionId);
                WriteStart(destination, ","u8, closed.Text);
                destination.Write("]"u8);
                break;
            case RelayNoticeMessage { Text: var text }:
                WriteStart(destination, "[\"NOTICE\","u8, text);
                destination.Write("]"u8);
                break;
            case RelayAuthMessage { Challenge: var challenge }:
                WriteStart(destination, "[\"AUTH\","u8, challenge);
                destination.Write("]"u8);
                break;
            case RelayCountMessage count:
                WriteCount(destination, count);
                break;
            default:
                throw new ArgumentException("There is no such message.", nameof(message));
        }
    }

    /// <summary>An EVENT around JSON that was written before: one serialisation serves every subscriber.</summary>
    /// <param name="destination">Where to.</param>
    /// <param name="subscriptionId">The subscription.</param>
    /// <param name="eventJson">The event's JSON in UTF-8, copied as it is.</param>
    public static void WriteEvent(IBufferWriter<byte> destination, string subscriptionId, ReadOnlySpan<byte> eventJson)
    {
        ArgumentNullException.ThrowIfNull(destination);
        WriteStart(destination, "[\"EVENT\","u8, subscriptionId);
        destination.Write(","u8);
        destination.Write(eventJson);
        destination.Write("]"u8);
    }

    private static void WriteStart(IBufferWriter<byte> destination, ReadOnlySpan<byte> start, string text)
    {
        destination.Write(start);
        EventWriter.WriteString(destination, text);
    }

    private static void WriteOk(IBufferWriter<byte> destination, RelayOkMessage ok)
    {
        Span<byte> id = stackalloc byte[EventId.Size];
        Span<byte> hex = stackalloc byte[2 * EventId.Size];
        ok.EventId.CopyTo(id);
        Hex.Encode(id, hex);
        destination.Write("[\"OK\",\""u8);
        destination.Write(hex);
        destination.Write(ok.Accepted ? "\",true,"u8 : "\",false,"u8);
        EventWriter.WriteString(destination, ok.Text);
        destination.Write("]"u8);
    }

    private static void WriteCount(IBufferWriter<byte> destination, RelayCountMessage count)
    {
        WriteStart(destination, "[\"COUNT\","u8, count.SubscriptionId);
        destination.Write(",{\"count\":"u8);
        _ = Utf8Formatter.TryFormat(count.Count, destination.GetSpan(20), out var written);
        destination.Advance(written);
        destination.Write(count.Approximate ? ",\"approximate\":true}]"u8 : "}]"u8);
    }
}
