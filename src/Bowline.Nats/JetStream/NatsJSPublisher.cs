namespace Bowline.Nats.JetStream;

/// <summary>
/// Publishes with many messages in flight and no task for each: confirmations are counted on the read loop. One producer
/// uses it. Messages with an id survive a lost connection or server: they are sent again in order until confirmed.
/// Messages without an id are never repeated; what became of them when the connection was lost is unknown, and says so.
/// </summary>
public sealed partial class NatsJSPublisher : IAsyncDisposable
{
    private readonly NatsJSContext _context;
    private readonly NatsJSPublisherOpts _opts;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly PublishSlot[] _slots;
    private readonly PublishAckInbox _inbox;
    private long _next;
    private long _sent;
    private long _confirmed;
    private long _waitFor = long.MaxValue;
    private TaskCompletionSource? _waiter;
    private NatsException? _failure;
    private string? _checkedSubject;

    internal NatsJSPublisher(NatsJSContext context, NatsJSPublisherOpts opts)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(opts.Window, 1, nameof(opts));
        ArgumentOutOfRangeException.ThrowIfLessThan(opts.MaxAttempts, 1, nameof(opts));
        ArgumentOutOfRangeException.ThrowIfLessThan(opts.AckTimeout, TimeSpan.FromMilliseconds(10), nameof(opts));
        _context = context;
        _opts = opts;
        _time = context.Connection.Opts.TimeProvider;
        _slots = new PublishSlot[opts.Window];
        for (var i = 0; i < _slots.Length; i++)
        {
            _slots[i] = new PublishSlot();
        }

        _inbox = new PublishAckInbox(this, context.Connection.NewInbox());
        _recheck = _time.CreateTimer(static p => ((NatsJSPublisher)p!).Wake(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>How many messages were given to the publisher.</summary>
    public long Published => Volatile.Read(ref _next);

    /// <summary>How many messages, counted from the first without a hole, have their result.</summary>
    public long Confirmed => Volatile.Read(ref _confirmed);

    /// <summary>Publishes a message; waits while the window is full. Its result comes later: see <see cref="FlushAsync"/> and <see cref="NatsJSPublisherOpts.OnResult"/>.</summary>
    /// <param name="subject">The subject.</param>
    /// <param name="payload">The body, which must not change before the message is confirmed.</param>
    /// <param name="msgId">Its id, which makes repeating safe; null for none.</param>
    /// <param name="headers">Further headers; null for none.</param>
    /// <param name="cancellationToken">Ends the wait for room.</param>
    /// <returns>The message's index.</returns>
    /// <exception cref="NatsJSPublishFailedException">An earlier message failed, and nobody is told by OnResult.</exception>
    /// <exception cref="NatsPayloadTooLargeException">Over the server's limit; nothing was sent.</exception>
    public ValueTask<long> PublishAsync(
        string subject, ReadOnlyMemory<byte> payload, string? msgId = null, NatsHeaders? headers = null, CancellationToken cancellationToken = default)
    {
        ThrowIfFailed();
        return _next - Volatile.Read(ref _confirmed) < _slots.Length
            ? new ValueTask<long>(Append(subject, payload, msgId, headers))
            : WaitAndAppendAsync(subject, payload, msgId, headers, cancellationToken);
    }

    /// <summary>Waits until every message has its result.</summary>
    /// <exception cref="NatsJSPublishFailedException">A message failed, and nobody is told by OnResult.</exception>
    public async ValueTask FlushAsync(CancellationToken cancellationToken = default)
    {
        await WaitForAsync(_next, cancellationToken).ConfigureAwait(false);
        ThrowIfFailed();
    }

    private async ValueTask<long> WaitAndAppendAsync(
        string subject, ReadOnlyMemory<byte> payload, string? msgId, NatsHeaders? headers, CancellationToken cancellationToken)
    {
        // Waking for every single confirmation would cost a thread switch each; an eighth of the window is a good batch.
        await WaitForAsync(_next - _slots.Length + Math.Max(1, _slots.Length / 8), cancellationToken).ConfigureAwait(false);
        ThrowIfFailed();
        return Append(subject, payload, msgId, headers);
    }

    private long Append(string subject, ReadOnlyMemory<byte> payload, string? msgId, NatsHeaders? headers)
    {
        if (!ReferenceEquals(subject, _checkedSubject))
        {
            ArgumentNullException.ThrowIfNull(subject);
            SubjectRules.CheckPublish(subject);
            _checkedSubject = subject;
        }

        lock (_gate)
        {
            var slot = _slots[_next % _slots.Length];
            slot.Fill(subject, payload, msgId, headers);
            ThrowIfTooLarge(slot);
            var index = _next++;

            // While older messages wait to be sent (again), new ones queue behind them, so that the order stays.
            if (_sent != index || IsSessionNew() || !TrySend(slot, index))
            {
                Wake();
            }

            return index;
        }
    }

    private void ThrowIfTooLarge(PublishSlot slot)
    {
        var size = slot.Headers.Length + slot.Payload.Length;
        if (_context.Connection.ServerInfo is { } info && size > info.MaxPayload)
        {
            throw new NatsPayloadTooLargeException(size, info.MaxPayload);
        }
    }

    private async ValueTask WaitForAsync(long target, CancellationToken cancellationToken)
    {
        TaskCompletionSource waiter;
        lock (_gate)
        {
            if (_confirmed >= target || _failure is not null)
            {
                return;
            }

            if (_waiter is { Task.IsCompleted: false } && _waitFor != long.MaxValue)
            {
                throw new InvalidOperationException("A pipelined publisher is used by one producer: somebody else is waiting on it already.");
            }

            _waitFor = target;
            waiter = _waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        try
        {
            await waiter.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            lock (_gate)
            {
                _waitFor = long.MaxValue;
            }
        }
    }

    private void ThrowIfFailed()
    {
        if (Volatile.Read(ref _failure) is { } failure)
        {
            throw failure is NatsJSPublishFailedException f ? new NatsJSPublishFailedException(f.Index, (NatsException)f.InnerException!) : new NatsJSException(failure.Message, failure);
        }
    }
}
