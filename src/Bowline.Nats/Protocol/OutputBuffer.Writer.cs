using System.Threading.Tasks.Sources;

namespace Bowline.Nats;

internal sealed partial class OutputBuffer
{
    private readonly Queue<WritableWaiter> _waiters = new();
    private int _parked;
    private int _queued;

    /// <summary>Completes when there is room again, or the buffer was closed; the caller then tries again.</summary>
    public ValueTask WaitAsync()
    {
        WritableWaiter waiter;
        lock (_gate)
        {
            if (_closed || _length < HighWaterMark)
            {
                return default;
            }

            waiter = WritableWaiter.Rent();
            _waiters.Enqueue(waiter);
        }

        return waiter.Task;
    }

    /// <summary>Nothing is accepted or sent any more; those who wait are let go and find out.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            ReleaseWaiters();
        }
    }

    /// <summary>The pool's turn to write, unless a publisher has taken it.</summary>
    void IThreadPoolWorkItem.Execute()
    {
        Interlocked.Exchange(ref _queued, 0);
        if (TakeParked())
        {
            RunWriter(inline: false);
        }
    }

    /// <summary>Leaves the writing to whoever comes first: the pool, or a publisher that has filled the buffer meanwhile.</summary>
    private void Park()
    {
        Volatile.Write(ref _parked, 1);
        if (Interlocked.CompareExchange(ref _queued, 1, 0) == 0)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    private bool TakeParked() => Interlocked.Exchange(ref _parked, 0) == 1;

    private void Kick(bool kick)
    {
        if (!kick)
        {
            if (_deferred && ReferenceEquals(_dispatching, this) && _length > DeferLimit)
            {
                _deferred = false;
                RunWriter(inline: true);
            }
            else if (_length > DeferLimit && Volatile.Read(ref _parked) == 1 && TakeParked())
            {
                // The pool is late; what fits the processor's cache is best written now.
                RunWriter(inline: true);
            }

            return;
        }

        if (ReferenceEquals(_dispatching, this))
        {
            _deferred = true;
        }
        else if (_time.GetTimestamp() - Volatile.Read(ref _lastWrite) > _quietTicks)
        {
            RunWriter(inline: true);
        }
        else
        {
            Park();
        }
    }

    /// <summary>Sends what was gathered until nothing is left. An inline run sends once and leaves the rest to the pool.</summary>
    private void RunWriter(bool inline)
    {
        try
        {
            while (TrySwap(out var bytes))
            {
#pragma warning disable CA2012 // Consumed once: here when it has completed, otherwise in Sent.
                _awaiter = _transport.SendAsync(bytes).GetAwaiter();
#pragma warning restore CA2012
                if (!_awaiter.IsCompleted)
                {
                    _awaiter.UnsafeOnCompleted(_sent);
                    return;
                }

                _awaiter.GetResult();
                if (inline)
                {
                    inline = false;
                    if (!LeaveRestToPool())
                    {
                        return;
                    }
                }
            }
        }
        catch (Exception e)
        {
            _failed(e);
        }
    }

    private bool LeaveRestToPool()
    {
        lock (_gate)
        {
            _lastWrite = _time.GetTimestamp();
            if (_length == 0 || _closed)
            {
                _writing = false;
                return false;
            }
        }

        Park();
        return false;
    }

    private void Sent()
    {
        try
        {
            _awaiter.GetResult();
        }
        catch (Exception e)
        {
            _failed(e);
            return;
        }

        RunWriter(inline: false);
    }

    private bool TrySwap(out ReadOnlyMemory<byte> bytes)
    {
        lock (_gate)
        {
            if (_length == 0 || _closed)
            {
                _writing = false;
                _lastWrite = _time.GetTimestamp();
                bytes = default;
                return false;
            }

            bytes = _active.AsMemory(0, _length);
            (_active, _spare) = (_spare, _active);
            _length = 0;
            ReleaseWaiters();
            return true;
        }
    }

    private void ReleaseWaiters()
    {
        while (_waiters.TryDequeue(out var waiter))
        {
            waiter.Release();
        }
    }

    /// <summary>A publisher that waits for room; pooled, because bulk publishing waits often.</summary>
    private sealed class WritableWaiter : IValueTaskSource
    {
        private static readonly System.Collections.Concurrent.ConcurrentQueue<WritableWaiter> Pool = new();

        private ManualResetValueTaskSourceCore<bool> _core = new() { RunContinuationsAsynchronously = true };

        public ValueTask Task => new(this, _core.Version);

        public static WritableWaiter Rent() => Pool.TryDequeue(out var waiter) ? waiter : new WritableWaiter();

        public void Release() => _core.SetResult(true);

        public void GetResult(short token)
        {
            _core.GetResult(token);
            _core.Reset();
            Pool.Enqueue(this);
        }

        public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

        public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
            _core.OnCompleted(continuation, state, token, flags);
    }
}
