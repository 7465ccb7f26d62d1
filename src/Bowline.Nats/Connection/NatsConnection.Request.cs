using System.Text;

namespace Bowline.Nats;

public sealed partial class NatsConnection
{
    private volatile Task? _inboxAdded;

    /// <summary>Publishes a request and waits for its first answer. All requests of a connection share one subscription.</summary>
    /// <exception cref="NatsNoRespondersException">Nobody is subscribed.</exception>
    /// <exception cref="NatsNoReplyException">No answer within the timeout.</exception>
    /// <exception cref="NatsDisconnectedException">No connection, or it was lost before the answer came.</exception>
    /// <exception cref="NatsPermissionViolationException">The user may not publish on the subject.</exception>
    public ValueTask<NatsMsg<TReply>> RequestAsync<TRequest, TReply>(
        string subject,
        TRequest data,
        NatsHeaders? headers = null,
        INatsSerialize<TRequest>? requestSerializer = null,
        INatsDeserialize<TReply>? replySerializer = null,
        NatsPubOpts? requestOpts = null,
        NatsSubOpts? replyOpts = null,
        CancellationToken cancellationToken = default)
    {
        CheckSubject(subject);
        var headerBlock = EncodeHeaders(headers);
        var payload = Encode(data, requestSerializer);
        replySerializer ??= Opts.SerializerRegistry.GetDeserializer<TReply>();
        var timeout = replyOpts?.Timeout ?? Opts.RequestTimeout;
        cancellationToken.ThrowIfCancellationRequested();
        if (!_inbox.HasEnded && _inboxAdded is { IsCompletedSuccessfully: true } && _session is { } session)
        {
            CheckSize(session, headerBlock.Length + (long)payload.Length);
            var slot = RequestSlot<TReply>.Rent(this, subject, replySerializer, Opts.InlineRequestContinuations);
            var task = slot.Task;
            var generation = _requests.Add(slot, timeout);
            var sent = session.Output.TryPublish(subject, WriteReply(stackalloc byte[ReplyBufferSize], slot.Index, generation), headerBlock, payload);
            if (sent == AppendResult.Done)
            {
                Watch(slot, generation, session, cancellationToken);
                return task;
            }

            if (!_requests.TryTake(slot, generation))
            {
                return task;
            }

            slot.Return();
        }

        return RequestSlowAsync(subject, payload.ToArray(), headerBlock.ToArray(), replySerializer, requestOpts, timeout, cancellationToken);
    }

    /// <summary>As the other overload, without a payload.</summary>
    public ValueTask<NatsMsg<TReply>> RequestAsync<TReply>(string subject, CancellationToken cancellationToken = default) =>
        RequestAsync<ReadOnlyMemory<byte>, TReply>(subject, default, cancellationToken: cancellationToken);

    private const int ReplyBufferSize = 256;

    private ReadOnlySpan<byte> WriteReply(Span<byte> buffer, int index, uint generation)
    {
        _inboxPrefixBytes.CopyTo(buffer);
        RequestTable.WriteToken(buffer[_inboxPrefixBytes.Length..], index, generation);
        return buffer[..(_inboxPrefixBytes.Length + RequestTable.TokenLength)];
    }

    /// <summary>After sending. A session that ended meanwhile has failed its requests already, maybe before this one was added.</summary>
    private void Watch<T>(RequestSlot<T> slot, uint generation, NatsSession session, CancellationToken cancellationToken)
    {
        if (session.HasEnded && _requests.TryTake(slot, generation))
        {
            slot.Fail(new NatsDisconnectedException("The connection was lost before the answer came."));
        }
        else if (cancellationToken.CanBeCanceled)
        {
            slot.WatchCancellation(cancellationToken);
        }
    }

    private async ValueTask<NatsMsg<TReply>> RequestSlowAsync<TReply>(
        string subject,
        byte[] payload,
        byte[] headers,
        INatsDeserialize<TReply> deserializer,
        NatsPubOpts? opts,
        TimeSpan timeout,
        CancellationToken cancellationToken)
    {
        await EnsureInboxAsync(cancellationToken).ConfigureAwait(false);
        var slot = RequestSlot<TReply>.Rent(this, subject, deserializer, inline: false);
        var task = slot.Task;
        var generation = _requests.Add(slot, timeout);
        try
        {
            var reply = Encoding.ASCII.GetString(WriteReply(new byte[ReplyBufferSize], slot.Index, generation));
            await PublishSlowAsync(subject, reply, headers, payload, opts, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            if (_requests.TryTake(slot, generation))
            {
                slot.Return();
                throw;
            }
        }

        slot.WatchCancellation(cancellationToken);
        return await task.ConfigureAwait(false);
    }

    /// <summary>The inbox is subscribed at the first request, so that a user without a grant for it can still publish.</summary>
    private async ValueTask EnsureInboxAsync(CancellationToken cancellationToken)
    {
        await EnsureStartedAsync(cancellationToken).ConfigureAwait(false);
        Task added;
        RequestInbox inbox;
        lock (_gate)
        {
            if (_inboxAdded is { IsCompleted: true } tried && (_inbox.HasEnded || !tried.IsCompletedSuccessfully))
            {
                // It was refused once; the credentials or the limits may have changed since. A reader looks at the inbox first.
                _inboxAdded = null;
                _inbox = new RequestInbox(InboxSubject, _requests);
            }

            inbox = _inbox;
            added = _inboxAdded ??= AddSubAsync(_inbox, CancellationToken.None).AsTask();
        }

        await added.WaitAsync(cancellationToken).ConfigureAwait(false);
        if (inbox.EndReason is { } refused)
        {
            throw refused;
        }
    }
}
