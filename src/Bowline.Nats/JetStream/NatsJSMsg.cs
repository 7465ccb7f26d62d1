using System.Text;
using System.Text.Json;

namespace Bowline.Nats.JetStream;

/// <summary>A message delivered by a consumer.</summary>
/// <param name="Msg">The message; its subject is the one it was published on.</param>
/// <param name="Metadata">Where it stands.</param>
/// <param name="Context">Where it came from.</param>
public readonly record struct NatsJSMsg<T>(NatsMsg<T> Msg, NatsJSMsgMetadata Metadata, NatsJSContext Context)
{
    /// <summary>The subject it was published on.</summary>
    public string Subject => Msg.Subject;

    /// <summary>Its headers, or null.</summary>
    public NatsHeaders? Headers => Msg.Headers;

    /// <summary>Its value.</summary>
    public T? Data => Msg.Data;

    /// <summary>Acknowledges it. Without <paramref name="confirm"/> the acknowledgement may be lost, and the message then comes again.</summary>
    /// <param name="confirm">Wait until the server has recorded it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="NatsNoReplyException">Not confirmed in time.</exception>
    public ValueTask AckAsync(bool confirm = false, CancellationToken cancellationToken = default) => SendAsync("+ACK"u8.ToArray(), confirm, cancellationToken);

    /// <summary>Gives it back to be delivered again.</summary>
    /// <param name="delay">After this time; zero for at once.</param>
    /// <param name="confirm">Wait until the server has recorded it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public ValueTask NakAsync(TimeSpan delay = default, bool confirm = false, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        var text = delay == TimeSpan.Zero ? "-NAK" : "-NAK " + JsonSerializer.Serialize(new NakRequest { Delay = delay }, JetStreamJson.Default.NakRequest);
        return SendAsync(Encoding.ASCII.GetBytes(text), confirm, cancellationToken);
    }

    /// <summary>Says that work on it goes on: the wait for its acknowledgement starts anew.</summary>
    public ValueTask AckProgressAsync(CancellationToken cancellationToken = default) => SendAsync("+WPI"u8.ToArray(), false, cancellationToken);

    /// <summary>Gives it up: it is not delivered again.</summary>
    /// <param name="confirm">Wait until the server has recorded it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public ValueTask AckTerminateAsync(bool confirm = false, CancellationToken cancellationToken = default) => SendAsync("+TERM"u8.ToArray(), confirm, cancellationToken);

    private async ValueTask SendAsync(byte[] body, bool confirm, CancellationToken cancellationToken)
    {
        var replyTo = Msg.ReplyTo ?? throw new NatsJSException("The message cannot be acknowledged.");
        if (!confirm)
        {
            await Context.Connection.PublishAsync(replyTo, body, cancellationToken: cancellationToken).ConfigureAwait(false);
            return;
        }

        var opts = new NatsSubOpts { Timeout = Context.Opts.RequestTimeout };
        await Context.Connection.RequestAsync<byte[], byte[]>(replyTo, body, replyOpts: opts, cancellationToken: cancellationToken).ConfigureAwait(false);
    }
}
