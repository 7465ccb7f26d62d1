namespace Bowline.Nats;

/// <summary>A message as it lies in the read buffer. The spans are valid only until <see cref="NatsSubBase.Receive"/> returns.</summary>
public readonly ref struct NatsRawMsg
{
    /// <summary>Describes a message that lies elsewhere, for tests and other carriers.</summary>
    public NatsRawMsg(ReadOnlySpan<byte> subject, ReadOnlySpan<byte> replyTo, ReadOnlySpan<byte> headers, ReadOnlySpan<byte> payload)
    {
        Subject = subject;
        ReplyTo = replyTo;
        Headers = headers;
        Payload = payload;
    }

    internal NatsRawMsg(byte[] buffer, Range subject, Range replyTo, int bodyStart, int headerLength, int totalLength)
    {
        ReadOnlySpan<byte> span = buffer;
        Subject = span[subject];
        ReplyTo = span[replyTo];
        Headers = span.Slice(bodyStart, headerLength);
        PayloadMemory = buffer.AsMemory(bodyStart + headerLength, totalLength - headerLength);
        Payload = PayloadMemory.Span;
    }

    /// <summary>The subject the message was published on.</summary>
    public ReadOnlySpan<byte> Subject { get; }

    /// <summary>Where an answer goes; empty when none is asked for.</summary>
    public ReadOnlySpan<byte> ReplyTo { get; }

    /// <summary>The header block with its version line; empty when there is none.</summary>
    public ReadOnlySpan<byte> Headers { get; }

    /// <summary>The body.</summary>
    public ReadOnlySpan<byte> Payload { get; }

    /// <summary>The server's own answer that nobody is subscribed to the subject of a request.</summary>
    public bool IsNoResponders => Payload.IsEmpty && Headers.StartsWith("NATS/1.0 503"u8);

    /// <summary>The body as memory of the read buffer, for deserializers; empty when the message lies elsewhere.</summary>
    internal ReadOnlyMemory<byte> PayloadMemory { get; }
}
