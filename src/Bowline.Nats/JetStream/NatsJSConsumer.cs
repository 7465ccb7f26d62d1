using System.Runtime.CompilerServices;

namespace Bowline.Nats.JetStream;

/// <summary>A pull consumer.</summary>
public sealed class NatsJSConsumer
{
    // The server's own answer comes within this of the pull's end; the rest is the network's.
    private static readonly TimeSpan FetchSlack = TimeSpan.FromSeconds(2);
    private readonly NatsJSContext _context;

    internal NatsJSConsumer(NatsJSContext context, ConsumerInfo info)
    {
        _context = context;
        Info = info;
        Stream = NatsName.Check(info.StreamName, "stream");
        Name = NatsName.Check(info.Name, "consumer");
    }

    /// <summary>The stream's name.</summary>
    public string Stream { get; }

    /// <summary>The consumer's name.</summary>
    public string Name { get; }

    /// <summary>Its configuration and state, as of the last answer.</summary>
    public ConsumerInfo Info { get; private set; }

    /// <summary>Reads <see cref="Info"/> again.</summary>
    public async ValueTask RefreshAsync(CancellationToken cancellationToken = default) =>
        Info = (await _context.GetConsumerAsync(Stream, Name, cancellationToken).ConfigureAwait(false)).Info;

    /// <summary>Deletes the consumer.</summary>
    public ValueTask DeleteAsync(CancellationToken cancellationToken = default) => _context.DeleteConsumerAsync(Stream, Name, cancellationToken);

    /// <summary>Takes messages of one pull. Ends when all came, the time is over, or (with NoWait) nothing is there.</summary>
    /// <exception cref="NatsJSConsumerDeletedException">The consumer was deleted meanwhile.</exception>
    /// <exception cref="NatsJSPullException">The server refused the pull.</exception>
    public async IAsyncEnumerable<NatsJSMsg<T>> FetchAsync<T>(
        NatsJSFetchOpts? opts = null, INatsDeserialize<T>? serializer = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        opts = NatsJSFetchOpts.Validated(opts ?? new NatsJSFetchOpts());
        var inbox = new PullInbox<T>(_context, serializer ?? _context.Connection.Opts.SerializerRegistry.GetDeserializer<T>(), opts.MaxMsgs);
        await inbox.OpenAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var request = opts.NoWait
                ? new PullRequest { Batch = opts.MaxMsgs, MaxBytes = opts.MaxBytes, NoWait = true }
                : new PullRequest { Batch = opts.MaxMsgs, MaxBytes = opts.MaxBytes, Expires = opts.Expires };
            await PullLoop<T>.SendPullAsync(_context, Stream, Name, inbox, request, cancellationToken).ConfigureAwait(false);
            var time = _context.Connection.Opts.TimeProvider;
            var started = time.GetTimestamp();
            for (var left = opts.MaxMsgs; left > 0;)
            {
                if (!inbox.Events.TryRead(out var item))
                {
                    if (await inbox.WaitAsync(opts.Expires + FetchSlack - time.GetElapsedTime(started), cancellationToken).ConfigureAwait(false))
                    {
                        continue;
                    }

                    // The inbox has ended, or the pull was lost with a connection: what is not acknowledged comes again.
                    await (inbox.Events.Completion.IsCompleted ? inbox.Events.Completion : Task.CompletedTask).ConfigureAwait(false);
                    yield break;
                }

                if (item.IsMessage)
                {
                    left--;
                    yield return item.Msg;
                    continue;
                }

                if (!item.Reopened)
                {
                    ThrowIfOver(item.Code, item.Text);
                    yield break;
                }
            }
        }
        finally
        {
            await inbox.CloseAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Takes the next message; null when none came in time.</summary>
    public async ValueTask<NatsJSMsg<T>?> NextAsync<T>(TimeSpan? expires = null, INatsDeserialize<T>? serializer = null, CancellationToken cancellationToken = default)
    {
        var opts = new NatsJSFetchOpts { MaxMsgs = 1, Expires = expires ?? TimeSpan.FromSeconds(5) };
        await foreach (var msg in FetchAsync(opts, serializer, cancellationToken).ConfigureAwait(false))
        {
            return msg;
        }

        return null;
    }

    /// <summary>
    /// Takes messages without end, over every loss of the connection. Messages taken and not acknowledged when the
    /// enumeration stops are delivered again after the consumer's wait.
    /// </summary>
    /// <exception cref="NatsJSConsumerDeletedException">The consumer was deleted.</exception>
    /// <exception cref="NatsJSPullException">The server refused the pull.</exception>
    public async IAsyncEnumerable<NatsJSMsg<T>> ConsumeAsync<T>(
        NatsJSConsumeOpts? opts = null, INatsDeserialize<T>? serializer = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var loop = new PullLoop<T>(_context, Stream, opts ?? new NatsJSConsumeOpts(), serializer);
        await using (loop.ConfigureAwait(false))
        {
            await loop.StartAsync(Name, cancellationToken).ConfigureAwait(false);
            while (true)
            {
                var step = await loop.NextAsync(cancellationToken).ConfigureAwait(false);
                switch (step.Kind)
                {
                    case PullStepKind.Message:
                        yield return step.Msg;
                        break;
                    case PullStepKind.Reopened or PullStepKind.Silent:
                        await ThrowIfDeletedAsync(step.Kind, cancellationToken).ConfigureAwait(false);
                        while (loop.TryTakeBuffered(out var buffered))
                        {
                            yield return buffered;
                        }

                        await loop.StartAsync(Name, cancellationToken).ConfigureAwait(false);
                        break;
                    case PullStepKind.Deleted:
                        throw new NatsJSConsumerDeletedException(Stream, Name);
                    default:
                        throw new NatsJSPullException(step.Code, step.Text);
                }
            }
        }
    }

    // A pull on a consumer that is gone is not answered at all by old servers, so silence is looked into.
    private async ValueTask ThrowIfDeletedAsync(PullStepKind kind, CancellationToken cancellationToken)
    {
        if (kind != PullStepKind.Silent)
        {
            return;
        }

        try
        {
            await RefreshAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (NatsJSApiException e) when (e.Error.Code == 404)
        {
            throw new NatsJSConsumerDeletedException(Stream, Name);
        }
        catch (Exception e) when (e is NatsNoReplyException or NatsDisconnectedException)
        {
            // The server is away; the next pull waits for it.
            return;
        }
    }

    private void ThrowIfOver(int code, string text)
    {
        switch (PullStatus.Read(code, text))
        {
            case PullOutcome.ConsumerDeleted:
                throw new NatsJSConsumerDeletedException(Stream, Name);
            case PullOutcome.Refused:
                throw new NatsJSPullException(code, text);
            default:
                return;
        }
    }
}
