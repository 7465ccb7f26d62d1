using System.Text.Json;

namespace Bowline.Nats.JetStream;

/// <summary>
/// Keeps a consumer's pulls going for one reader. <c>_owed</c> is what was asked for and not yet handed to the reader; it never
/// exceeds MaxMsgs, so neither does what is buffered. A lost pull is repeated with a new inbox, so that a late answer to the
/// old one cannot exceed it either.
/// </summary>
internal sealed class PullLoop<T>(NatsJSContext context, string stream, NatsJSConsumeOpts opts, INatsDeserialize<T>? serializer) : IAsyncDisposable
{
    /// <summary>After the server said that too many pulls wait; one of them ends meanwhile.</summary>
    private static readonly TimeSpan BusyPause = TimeSpan.FromMilliseconds(200);
    private readonly NatsJSConsumeOpts _opts = NatsJSConsumeOpts.Validated(opts);
    private PullInbox<T>? _inbox;
    private string _consumer = "";
    private int _owed;

    public static ValueTask SendPullAsync(NatsJSContext context, string stream, string consumer, PullInbox<T> inbox, PullRequest request, CancellationToken cancellationToken) =>
        context.Connection.PublishAsync(
            $"{context.Opts.ApiPrefix}.CONSUMER.MSG.NEXT.{stream}.{consumer}",
            JsonSerializer.SerializeToUtf8Bytes(request, JetStreamJson.Default.PullRequest),
            replyTo: inbox.Subject,
            opts: new NatsPubOpts { WaitUntilConnected = true },
            cancellationToken: cancellationToken);

    /// <summary>Starts, or starts again, with a new inbox. What the old one held and nobody took is dropped.</summary>
    public async ValueTask StartAsync(string consumer, CancellationToken cancellationToken)
    {
        await CloseAsync().ConfigureAwait(false);
        _consumer = consumer;
        _owed = 0;
        _inbox = new PullInbox<T>(context, serializer ?? context.Connection.Opts.SerializerRegistry.GetDeserializer<T>(), _opts.MaxMsgs);
        await _inbox.OpenAsync(cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<PullStep<T>> NextAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await PullIfNeededAsync(cancellationToken).ConfigureAwait(false);
            if (!_inbox!.Events.TryRead(out var item))
            {
                // Two heartbeats and half of one: a single late one is no reason to start again.
                if (await _inbox.WaitAsync((_opts.IdleHeartbeat * 2.5) - _inbox.Silence, cancellationToken).ConfigureAwait(false))
                {
                    continue;
                }

                await (_inbox.Events.Completion.IsCompleted ? EndedAsync(_inbox) : Task.CompletedTask).ConfigureAwait(false);
                return PullStep<T>.Of(PullStepKind.Silent);
            }

            if (item.IsMessage)
            {
                _owed--;
                return new PullStep<T>(PullStepKind.Message, item.Msg, 0, "");
            }

            if (item.Reopened)
            {
                return PullStep<T>.Of(PullStepKind.Reopened);
            }

            switch (PullStatus.Read(item.Code, item.Text))
            {
                case PullOutcome.ConsumerDeleted:
                    return PullStep<T>.Of(PullStepKind.Deleted, item.Code, item.Text);
                case PullOutcome.Refused:
                    return PullStep<T>.Of(PullStepKind.Refused, item.Code, item.Text);
                case PullOutcome.PullLater:
                    await Task.Delay(BusyPause, context.Connection.Opts.TimeProvider, cancellationToken).ConfigureAwait(false);
                    return PullStep<T>.Of(PullStepKind.Reopened);
                case PullOutcome.PullAgain when item.PendingMsgs > 0:
                    _owed = Math.Max(0, _owed - item.PendingMsgs);
                    break;
                default:
                    // How much of the pull is left is not said: only a new inbox is sure not to be sent more than was asked.
                    return PullStep<T>.Of(PullStepKind.Reopened);
            }
        }
    }

    /// <summary>A message that came before the inbox is given up.</summary>
    public bool TryTakeBuffered(out NatsJSMsg<T> msg)
    {
        while (_inbox!.Events.TryRead(out var item))
        {
            if (item.IsMessage)
            {
                msg = item.Msg;
                return true;
            }
        }

        msg = default;
        return false;
    }

    public ValueTask DisposeAsync() => CloseAsync();

    private static async Task EndedAsync(PullInbox<T> inbox)
    {
        await inbox.Events.Completion.ConfigureAwait(false);
        throw new NatsDisconnectedException("The connection was disposed while messages were taken.");
    }

    private async ValueTask PullIfNeededAsync(CancellationToken cancellationToken)
    {
        if (_owed > _opts.MaxMsgs / 2)
        {
            return;
        }

        var batch = _opts.MaxMsgs - _owed;
        var request = new PullRequest { Batch = batch, Expires = _opts.Expires, IdleHeartbeat = _opts.IdleHeartbeat };
        _inbox!.Touch();
        await SendPullAsync(context, stream, _consumer, _inbox, request, cancellationToken).ConfigureAwait(false);
        _owed += batch;
    }

    private ValueTask CloseAsync() => _inbox?.CloseAsync() ?? default;
}
