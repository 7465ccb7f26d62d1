namespace Bowline.Nats.JetStream;

public sealed partial class NatsJSPublisher
{
    /// <summary>On the read loop. A second confirmation of a message that was sent twice is ignored.</summary>
    internal void OnAck(long index, ulong sequence, bool duplicate, NatsException? error)
    {
        lock (_gate)
        {
            if (!IsOpen(index))
            {
                return;
            }

            Settle(index, error);
        }

        _opts.OnResult?.Invoke(new NatsJSPublishResult(index, sequence, duplicate, error));
    }

    /// <summary>On the read loop: no stream listens now. A message with an id may be tried again.</summary>
    internal void OnNoResponders(long index)
    {
        NatsException error;
        lock (_gate)
        {
            if (!IsOpen(index))
            {
                return;
            }

            var slot = _slots[index % _slots.Length];
            if (slot.MsgId is not null && slot.Attempts < _opts.MaxAttempts)
            {
                slot.RetryAt = Deadline(_opts.RetryWait);
                Schedule(slot.RetryAt);
                return;
            }

            error = new NatsJSNoStreamException(slot.Subject);
            Settle(index, error);
        }

        _opts.OnResult?.Invoke(new NatsJSPublishResult(index, 0, false, error));
    }

    internal void OnEnded(NatsException? reason)
    {
        lock (_gate)
        {
            _failure ??= reason ?? new NatsDisconnectedException("The publisher or its connection was disposed.");
            _waiter?.TrySetResult();
        }

        Wake();
    }

    private bool IsOpen(long index) => index >= _confirmed && index < _sent && !_slots[index % _slots.Length].Done;

    /// <summary>Under the lock: a message has its result.</summary>
    private void Settle(long index, NatsException? error)
    {
        _slots[index % _slots.Length].Release();
        while (_confirmed < _sent && _slots[_confirmed % _slots.Length].Done)
        {
            _confirmed++;
        }

        if (error is not null && _opts.OnResult is null)
        {
            _failure ??= new NatsJSPublishFailedException(index, error);
        }

        if (_confirmed >= _waitFor || _failure is not null)
        {
            _waitFor = long.MaxValue;
            _waiter?.TrySetResult();
        }
    }

    private long Deadline(TimeSpan wait) => _time.GetTimestamp() + (long)(wait.TotalSeconds * _time.TimestampFrequency);
}
