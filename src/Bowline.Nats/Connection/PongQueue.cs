namespace Bowline.Nats;

/// <summary>PINGs on the wire, in order; each PONG answers the oldest.</summary>
internal sealed class PongQueue
{
    private readonly Queue<TaskCompletionSource?> _pings = new();
    private Exception? _ended;

    /// <summary>Called in the order of the bytes. Null = nobody waits (keepalive).</summary>
    public void Add(TaskCompletionSource? waiter)
    {
        lock (_pings)
        {
            if (_ended is null)
            {
                _pings.Enqueue(waiter);
                return;
            }
        }

        waiter?.TrySetException(_ended);
    }

    public void Pong()
    {
        TaskCompletionSource? waiter;
        lock (_pings)
        {
            _pings.TryDequeue(out waiter);
        }

        waiter?.TrySetResult();
    }

    public void FailAll(Exception reason)
    {
        TaskCompletionSource?[] waiters;
        lock (_pings)
        {
            _ended = reason;
            waiters = [.. _pings];
            _pings.Clear();
        }

        foreach (var waiter in waiters)
        {
            waiter?.TrySetException(reason);
        }
    }
}
