using System.Buffers;

namespace Bowline.Nostr;

/// <summary>Writes what clients send, as UTF-8 JSON (NIP-01, NIP-42, NIP-45).</summary>
public static class ClientMessageWriter
{
    /// <summary>One JSON list.</summary>
    public static void Write(IBufferWriter<byte> destination, ClientMessage message)
    {
        ArgumentNullException.ThrowIfNull(destination);
        switch (message)
        {
            case ClientEventMessage { Event: var value }:
                WriteEvent(destination, "[\"EVENT\","u8, value);
                break;
            case ClientAuthMessage { Event: var value }:
                WriteEvent(destination, "[\"AUTH\","u8, value);
                break;
            case ClientRequestMessage request:
                WriteFilters(destination, "[\"REQ\","u8, request.SubscriptionId, request.Filters);
                break;
            case ClientCountMessage count:
                WriteFilters(destination, "[\"COUNT\","u8, count.SubscriptionId, count.Filters);
                break;
            case ClientCloseMessage close:
                WriteFilters(destination, "[\"CLOSE\","u8, close.SubscriptionId, []);
                break;
            default:
                throw new ArgumentException("There is no such message.", nameof(message));
        }
    }

    private static void WriteEvent(IBufferWriter<byte> destination, ReadOnlySpan<byte> start, NostrEvent value)
    {
        destination.Write(start);
        EventWriter.Write(destination, value);
        destination.Write("]"u8);
    }

    private static void WriteFilters(IBufferWriter<byte> destination, ReadOnlySpan<byte> start, string subscriptionId, IReadOnlyList<NostrFilter> filters)
    {
        destination.Write(start);
        EventWriter.WriteString(destination, subscriptionId);
        foreach (var filter in filters)
        {
            destination.Write(","u8);
            FilterWriter.Write(destination, filter);
        }

        destination.Write("]"u8);
    }
}
