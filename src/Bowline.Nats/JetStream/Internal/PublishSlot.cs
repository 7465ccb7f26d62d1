using System.Buffers;
using System.Text;

namespace Bowline.Nats.JetStream;

/// <summary>A message in the window, kept until it is confirmed so that it can be sent again. Reused.</summary>
internal sealed class PublishSlot
{
    private readonly ArrayBufferWriter<byte> _headers = new(64);

    public string Subject { get; private set; } = "";

    public byte[] SubjectBytes { get; private set; } = [];

    public ReadOnlyMemory<byte> Payload { get; private set; }

    public string? MsgId { get; private set; }

    public ReadOnlySpan<byte> Headers => _headers.WrittenSpan;

    public int Attempts { get; set; }

    /// <summary>The connection's session it was last sent on.</summary>
    public object? SentOn { get; set; }

    public long SentAt { get; set; }

    /// <summary>A timestamp from which it is sent again; 0 for none.</summary>
    public long RetryAt { get; set; }

    public bool Done { get; set; }

    public void Fill(string subject, ReadOnlyMemory<byte> payload, string? msgId, NatsHeaders? headers)
    {
        if (!ReferenceEquals(Subject, subject))
        {
            SubjectBytes = Encoding.UTF8.GetBytes(subject);
            Subject = subject;
        }

        Payload = payload;
        MsgId = msgId ?? headers?["Nats-Msg-Id"];
        Attempts = 0;
        SentAt = 0;
        RetryAt = 0;
        Done = false;
        _headers.ResetWrittenCount();
        if (headers is not null)
        {
            if (msgId is not null)
            {
                headers = new NatsJSPubOpts { MsgId = msgId }.ToHeaders(headers)!;
            }

            headers.WriteTo(_headers);
        }
        else if (msgId is not null)
        {
            WriteMsgId(msgId);
        }
    }

    public void Release()
    {
        Done = true;
        Payload = default;
        SentOn = null;
    }

    private void WriteMsgId(string msgId)
    {
        if (msgId.AsSpan().ContainsAny('\r', '\n'))
        {
            throw new ArgumentException("A message id is one line.", nameof(msgId));
        }

        _headers.Write("NATS/1.0\r\nNats-Msg-Id: "u8);
        Encoding.UTF8.GetBytes(msgId, _headers);
        _headers.Write("\r\n\r\n"u8);
    }
}
