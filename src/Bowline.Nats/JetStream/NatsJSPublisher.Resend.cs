namespace Bowline.Nats.JetStream;

public sealed partial class NatsJSPublisher
{
    private readonly SemaphoreSlim _wake = new(0, 1);
    private readonly CancellationTokenSource _stopping = new();
    private readonly ITimer _recheck;
    private Task _sender = Task.CompletedTask;
    private long _recheckAt = long.MaxValue;
    private object? _session;

    /// <summary>Ends the publisher. Messages without a result are given up: flush first.</summary>
    public async ValueTask DisposeAsync()
    {
        _context.Connection.ConnectionDisconnected -= OnLostAsync;
        _context.Connection.ConnectionOpened -= OnLostAsync;
        await _context.Connection.RemoveSubAsync(_inbox).ConfigureAwait(false);
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _sender.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _recheck.DisposeAsync().ConfigureAwait(false);
    }

    internal async ValueTask StartAsync(CancellationToken cancellationToken)
    {
        await _context.Connection.AddSubAsync(_inbox, cancellationToken).ConfigureAwait(false);
        _session = _context.Connection.SessionMark;
        _context.Connection.ConnectionDisconnected += OnLostAsync;
        _context.Connection.ConnectionOpened += OnLostAsync;
        _sender = Task.Run(SendLoopAsync, CancellationToken.None);
    }

    private bool IsSessionNew() => !ReferenceEquals(_session, _context.Connection.SessionMark);

    /// <summary>Under the lock.</summary>
    private bool TrySend(PublishSlot slot, long index)
    {
        Span<byte> reply = stackalloc byte[256];
        var session = _context.Connection.SessionMark;
        if (!_context.Connection.TryPublish(slot.SubjectBytes, _inbox.WriteReply(reply, index), slot.Headers, slot.Payload.Span, default))
        {
            return false;
        }

        slot.SentOn = session;
        slot.SentAt = _time.GetTimestamp();
        slot.RetryAt = 0;
        slot.Attempts++;
        _sent = Math.Max(_sent, index + 1);
        if (_recheckAt == long.MaxValue)
        {
            Schedule(Deadline(_opts.AckTimeout));
        }

        return true;
    }

    /// <summary>Under the lock: look again at that time.</summary>
    private void Schedule(long at)
    {
        if (at < _recheckAt)
        {
            _recheckAt = at;
            _recheck.Change(TimeSpan.FromSeconds(Math.Max(0, at - _time.GetTimestamp()) / (double)_time.TimestampFrequency), Timeout.InfiniteTimeSpan);
        }
    }

    private void Wake()
    {
        lock (_wake)
        {
            if (_wake.CurrentCount == 0)
            {
                _wake.Release();
            }
        }
    }

    private ValueTask OnLostAsync(NatsConnection connection, NatsEventArgs args)
    {
        Wake();
        return default;
    }

    /// <summary>The owner of everything that is not sent at once: what waits for room or a connection, and repetitions.</summary>
    private async Task SendLoopAsync()
    {
        var token = _stopping.Token;
        while (!token.IsCancellationRequested)
        {
            await _wake.WaitAsync(token).ConfigureAwait(false);
            try
            {
                while (!SendWaiting())
                {
                    await _context.Connection.WaitWritableAsync(token).ConfigureAwait(false);
                }
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                OnEnded(e as NatsException ?? new NatsJSException("The publisher ended: " + e.Message, e));
                return;
            }
        }
    }

    /// <summary>Sends what is due in order; false when the connection takes no more now.</summary>
    private bool SendWaiting()
    {
        List<NatsJSPublishResult>? failed = null;
        bool all;
        lock (_gate)
        {
            if (IsSessionNew())
            {
                MarkLost(ref failed);
            }

            all = SendDue(_time.GetTimestamp(), ref failed);
        }

        foreach (var result in failed ?? [])
        {
            _opts.OnResult?.Invoke(result);
        }

        return all;
    }

    // Everything sent on the lost connection may not have arrived: with an id it is sent again, without one it is over.
    private void MarkLost(ref List<NatsJSPublishResult>? failed)
    {
        _session = _context.Connection.SessionMark;
        for (var index = _confirmed; index < _sent; index++)
        {
            var slot = _slots[index % _slots.Length];
            if (slot.Done || ReferenceEquals(slot.SentOn, _session))
            {
                continue;
            }

            if (slot.MsgId is null)
            {
                Fail(index, new NatsJSAckLostException(slot.Subject, null), ref failed);
                continue;
            }

            slot.RetryAt = 1;
            slot.Attempts = 0;
        }
    }

    private bool SendDue(long now, ref List<NatsJSPublishResult>? failed)
    {
        _recheckAt = long.MaxValue;
        var timeout = (long)(_opts.AckTimeout.TotalSeconds * _time.TimestampFrequency);
        for (var index = _confirmed; index < _next; index++)
        {
            var slot = _slots[index % _slots.Length];
            if (slot.Done)
            {
                continue;
            }

            var due = index >= _sent ? now : slot.RetryAt != 0 ? slot.RetryAt : slot.SentAt + timeout;
            if (due > now)
            {
                Schedule(due);
                continue;
            }

            if (index < _sent && (slot.MsgId is null || slot.Attempts >= _opts.MaxAttempts))
            {
                Fail(index, new NatsJSAckLostException(slot.Subject, slot.MsgId), ref failed);
                continue;
            }

            if (!TrySend(slot, index))
            {
                return false;
            }
        }

        return true;
    }

    private void Fail(long index, NatsException error, ref List<NatsJSPublishResult>? failed)
    {
        Settle(index, error);
        (failed ??= []).Add(new NatsJSPublishResult(index, 0, false, error));
    }
}
