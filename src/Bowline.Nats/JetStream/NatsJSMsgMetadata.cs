using System.Globalization;

namespace Bowline.Nats.JetStream;

/// <summary>Where a delivered message stands, read from its acknowledgement subject.</summary>
/// <param name="Stream">The stream.</param>
/// <param name="Consumer">The consumer.</param>
/// <param name="NumDelivered">How often it was delivered, this time included.</param>
/// <param name="StreamSequence">Its sequence in the stream.</param>
/// <param name="ConsumerSequence">The consumer's count of deliveries.</param>
/// <param name="Timestamp">When the stream stored it.</param>
/// <param name="NumPending">How many messages the consumer has after it.</param>
public readonly record struct NatsJSMsgMetadata(
    string Stream, string Consumer, ulong NumDelivered, ulong StreamSequence, ulong ConsumerSequence, DateTimeOffset Timestamp, ulong NumPending)
{
    /// <summary>Reads <c>$JS.ACK.stream.consumer.delivered.sseq.cseq.time.pending</c> or the longer form with domain and account of newer servers.</summary>
    public static bool TryParse(string? replyTo, out NatsJSMsgMetadata metadata)
    {
        metadata = default;
        var parts = replyTo?.Split('.') ?? [];
        if (parts.Length < 9 || parts[0] != "$JS" || parts[1] != "ACK")
        {
            return false;
        }

        var start = parts.Length switch { 9 => 2, >= 11 => 4, _ => -1 };
        if (start < 0 || parts.Length < start + 7)
        {
            return false;
        }

        Span<ulong> numbers = stackalloc ulong[5];
        for (var i = 0; i < numbers.Length; i++)
        {
            if (!ulong.TryParse(parts[start + 2 + i], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[i]))
            {
                return false;
            }
        }

        if (numbers[3] > long.MaxValue)
        {
            return false;
        }

        var time = DateTimeOffset.UnixEpoch.AddTicks((long)numbers[3] / TimeSpan.NanosecondsPerTick);
        metadata = new(parts[start], parts[start + 1], numbers[0], numbers[1], numbers[2], time, numbers[4]);
        return true;
    }
}
