using System.Buffers.Text;
using System.Text;

namespace Bowline.Nats.JetStream;

/// <summary>Takes the confirmations of a pipelined publisher on the read loop; the last token is the message's index.</summary>
internal sealed class PublishAckInbox(NatsJSPublisher publisher, string inbox) : NatsSubBase(inbox + ".*", null)
{
    private readonly byte[] _prefix = Encoding.ASCII.GetBytes(inbox + ".");

    /// <summary>Bytes that hold the longest reply subject.</summary>
    public int ReplyLength => _prefix.Length + 20;

    public ReadOnlySpan<byte> WriteReply(Span<byte> buffer, long index)
    {
        _prefix.CopyTo(buffer);
        _ = Utf8Formatter.TryFormat(index, buffer[_prefix.Length..], out var written);
        return buffer[..(_prefix.Length + written)];
    }

    protected internal override void Receive(in NatsRawMsg msg)
    {
        var token = msg.Subject[Math.Min(_prefix.Length, msg.Subject.Length)..];
        if (!Utf8Parser.TryParse(token, out long index, out var used) || used != token.Length)
        {
            return;
        }

        if (msg.IsNoResponders)
        {
            publisher.OnNoResponders(index);
            return;
        }

        var (sequence, duplicate, error) = PubAck.Read(msg.Payload);
        publisher.OnAck(index, sequence, duplicate, error);
    }

    protected internal override void Ended(NatsException? reason) => publisher.OnEnded(reason);
}
