using System.Text.Json;

namespace Bowline.Nats.JetStream;

public sealed partial class NatsJSContext
{
    /// <summary>Publishes a message and waits for the stream's confirmation. It is repeated only when it has a message id.</summary>
    /// <exception cref="NatsJSNoStreamException">No stream keeps the subject.</exception>
    /// <exception cref="NatsJSWrongLastSequenceException">An expected last sequence was another.</exception>
    /// <exception cref="NatsJSApiException">The stream refused the message.</exception>
    /// <exception cref="NatsJSAckLostException">No confirmation came: whether it is stored is unknown.</exception>
    public async ValueTask<PubAckResponse> PublishAsync<T>(
        string subject,
        T data,
        INatsSerialize<T>? serializer = null,
        NatsJSPubOpts? opts = null,
        NatsHeaders? headers = null,
        CancellationToken cancellationToken = default)
    {
        headers = opts is null ? headers : opts.ToHeaders(headers);
        var msgId = headers?["Nats-Msg-Id"];
        for (var attempt = 1; ; attempt++)
        {
            var last = msgId is null || attempt >= Opts.PublishAttempts;
            try
            {
                var msg = await Connection.RequestAsync<T, byte[]>(
                    subject,
                    data,
                    headers,
                    serializer,
                    replyOpts: new NatsSubOpts { Timeout = Opts.RequestTimeout },
                    cancellationToken: cancellationToken).ConfigureAwait(false);
                return ReadAck(msg.Data);
            }
            catch (NatsNoRespondersException)
            {
                if (last)
                {
                    throw new NatsJSNoStreamException(subject);
                }

                await Task.Delay(Opts.PublishRetryWait, Connection.Opts.TimeProvider, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (e is NatsNoReplyException or NatsDisconnectedException)
            {
                if (last)
                {
                    throw new NatsJSAckLostException(subject, msgId, e);
                }

                await WaitForConnectionAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Starts a publisher that keeps many messages in flight. One producer uses it.</summary>
    public async ValueTask<NatsJSPublisher> CreatePublisherAsync(NatsJSPublisherOpts? opts = null, CancellationToken cancellationToken = default)
    {
        var publisher = new NatsJSPublisher(this, opts ?? new NatsJSPublisherOpts());
        await publisher.StartAsync(cancellationToken).ConfigureAwait(false);
        return publisher;
    }

    // Bounded: a publish must end, with or without a connection.
    private async ValueTask WaitForConnectionAsync(CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Opts.RequestTimeout, Connection.Opts.TimeProvider);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await Connection.WaitWritableAsync(both.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            // The next attempt says what is wrong.
            return;
        }
    }

    private static PubAckResponse ReadAck(byte[]? data)
    {
        PubAckResponse? ack;
        try
        {
            ack = JsonSerializer.Deserialize(data ?? [], JetStreamJson.Default.PubAckResponse);
        }
        catch (JsonException e)
        {
            throw new NatsJSException("The answer of the publish is not a confirmation: somebody else answers on this subject.", e);
        }

        return ack switch
        {
            { Error: { } error } => throw NatsJSApiException.From(error),
            { Stream: not null } => ack,
            _ => throw new NatsJSException("The answer of the publish is not a confirmation: somebody else answers on this subject."),
        };
    }
}
