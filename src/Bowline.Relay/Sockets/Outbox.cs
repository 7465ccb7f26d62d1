using Bowline.Nostr;

namespace Bowline.Relay;

/// <summary>
/// What waits to be sent to one client, bounded in bytes. A pump runs while there is something; all that waits goes into one write, out of
/// a buffer that is given back as soon as nothing waits. Thread-safe.
/// </summary>
internal sealed class Outbox(Stream stream, int maxBytes, TimeProvider time, Action<Exception> onBroken) : IThreadPoolWorkItem
{
    private const int WriteBytes = 12 * 1024;
    private const int ItemOverhead = 64;

    private readonly Lock _lock = new();
    private Queue<Item>? _queue;
    private int _bytes;
    private bool _pumping;
    private bool _corked;
    private bool _closing;
    private bool _broken;
    private long _writingSince;
    private TaskCompletionSource? _room;
    private TaskCompletionSource? _idle;
    private Task _pump = Task.CompletedTask;

    /// <summary>Queues a message; false when there is no room for it.</summary>
    public bool TryPost(RelayMessage message) => TryPost(new Item(message, default, ItemOverhead), hasRoom: false);

    /// <summary>Queues an event.</summary>
    public bool TryPost(Subscription subscription, ReadOnlyMemory<byte> json, bool hasRoom) =>
        TryPost(new Item(subscription, json, ItemOverhead + json.Length), hasRoom);

    /// <summary>Queues a ping or pong.</summary>
    public bool TryPost(FrameKind kind, ReadOnlyMemory<byte> payload) => TryPost(new Item(kind, payload, ItemOverhead + payload.Length), hasRoom: false);

    /// <summary>Queues a close, after which nothing is taken. What waits is sent before it, unless it is given up.</summary>
    public void Close(int status, string reason, bool giveUpWaiting, RelayMessage? lastWords = null)
    {
        lock (_lock)
        {
            if (_closing)
            {
                return;
            }

            if (giveUpWaiting)
            {
                _queue?.Clear();
                _bytes = 0;
            }

            if (lastWords is not null)
            {
                Enqueue(new Item(lastWords, default, ItemOverhead));
            }

            _corked = false;
            Enqueue(new Item(FrameKind.Close, FrameWriter.ClosePayload(status, reason), ItemOverhead));
            _closing = true;
            _ = _room?.TrySetResult();
        }
    }

    /// <summary>Holds back what is posted from now on, because more will follow at once; the reader does it while it works through what has come.</summary>
    public void Cork()
    {
        lock (_lock)
        {
            _corked = !_closing;
        }
    }

    /// <summary>Sends what was held back.</summary>
    public void Uncork()
    {
        lock (_lock)
        {
            _corked = false;
            Pump();
        }
    }

    /// <summary>Waits until less than half of what may wait does, or until nothing is taken any more.</summary>
    public Task WaitForRoomAsync()
    {
        lock (_lock)
        {
            if (_bytes <= maxBytes / 2 || _closing || _broken)
            {
                return Task.CompletedTask;
            }

            return (_room ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    /// <summary>Waits until all is sent, or never will be.</summary>
    public Task WaitForIdleAsync()
    {
        lock (_lock)
        {
            return _pumping ? (_idle ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task : _pump;
        }
    }

    /// <summary>How long the write that is under way has been; zero when there is none.</summary>
    public TimeSpan WritingFor(long timestamp)
    {
        var since = Interlocked.Read(ref _writingSince);
        return since == 0 ? TimeSpan.Zero : time.GetElapsedTime(since, timestamp);
    }

    void IThreadPoolWorkItem.Execute() => _pump = PumpAsync();

    private bool TryPost(in Item item, bool hasRoom)
    {
        lock (_lock)
        {
            if (_closing || _broken)
            {
                return true; // Whoever posts need not know: the connection is on its way out.
            }

            if (!hasRoom && _bytes > 0 && _bytes + item.Size > maxBytes)
            {
                return false;
            }

            Enqueue(item);
            return true;
        }
    }

    private void Enqueue(in Item item)
    {
        if (_broken)
        {
            return;
        }

        (_queue ??= new()).Enqueue(item);
        _bytes += item.Size;
        Pump();
    }

    private void Pump()
    {
        if (!_pumping && !_corked && _queue is { Count: > 0 })
        {
            _pumping = true;
            _ = ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    private async Task PumpAsync()
    {
        using var buffer = new PooledBuffer(16 * 1024);
        try
        {
            while (Fill(buffer))
            {
                Interlocked.Exchange(ref _writingSince, Math.Max(1, time.GetTimestamp()));
                await stream.WriteAsync(buffer.Written, CancellationToken.None).ConfigureAwait(false);
                Interlocked.Exchange(ref _writingSince, 0);
                buffer.Clear();
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or InvalidOperationException or OperationCanceledException)
        {
            Break();
            onBroken(exception);
        }
    }

    /// <summary>Moves waiting items into the buffer; false, and the pump is at its end, when there are none.</summary>
    private bool Fill(PooledBuffer buffer)
    {
        while (buffer.Length < WriteBytes)
        {
            Item item;
            lock (_lock)
            {
                if (_queue is null || !_queue.TryDequeue(out item))
                {
                    if (buffer.Length == 0)
                    {
                        _pumping = false;
                        _queue = null; // An idle connection keeps nothing.
                        _ = _idle?.TrySetResult();
                        _idle = null;
                    }

                    return buffer.Length > 0;
                }

                _bytes -= item.Size;
                if (_room is not null && _bytes <= maxBytes / 2)
                {
                    _ = _room.TrySetResult();
                    _room = null;
                }
            }

            item.Write(buffer);
        }

        return true;
    }

    private void Break()
    {
        lock (_lock)
        {
            _broken = true;
            _pumping = false;
            _queue = null;
            _bytes = 0;
            _ = _room?.TrySetResult();
            _ = _idle?.TrySetResult();
        }
    }

    /// <summary>A message, an event of a subscription, or a control frame.</summary>
    private readonly struct Item(object what, ReadOnlyMemory<byte> payload, int size)
    {
        public int Size => size;

        public void Write(PooledBuffer destination)
        {
            switch (what)
            {
                case Subscription subscription:
                    FrameWriter.WriteEvent(destination, subscription.Head.Span, payload.Span);
                    break;
                case RelayMessage message:
                    FrameWriter.WriteMessage(destination, message);
                    break;
                default:
                    FrameWriter.WriteControl(destination, (FrameKind)what, payload.Span);
                    break;
            }
        }
    }
}
