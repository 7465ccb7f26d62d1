using System.Threading.Tasks.Sources;

namespace Bowline.Nats;

/// <summary>One awaited answer. Pooled: the slot is its own ValueTask source.</summary>
internal abstract class RequestSlot
{
    public int Index { get; set; }

    public uint Generation { get; set; }

    public long Deadline { get; set; }

    public string Subject { get; set; } = "";

    public RequestTable? Table { get; set; }

    protected CancellationTokenRegistration Cancellation { get; set; }

    /// <summary>Only before the task is handed out: the slot cannot be reused until then.</summary>
    public void WatchCancellation(CancellationToken cancellationToken) =>
        Cancellation = cancellationToken.UnsafeRegister(
            static (state, token) =>
            {
                var slot = (RequestSlot)state!;
                if (slot.Table?.TryTake(slot, slot.Generation) == true)
                {
                    slot.Fail(new OperationCanceledException(token));
                }
            },
            this);

    public abstract void Complete(in NatsRawMsg msg);

    public abstract void Fail(Exception reason);
}

/// <summary>One awaited answer of a type.</summary>
internal sealed class RequestSlot<T> : RequestSlot, IValueTaskSource<NatsMsg<T>>, IThreadPoolWorkItem
{
    private const int PoolLimit = 1024;

    private static readonly System.Collections.Concurrent.ConcurrentQueue<RequestSlot<T>> Pool = new();

    private ManualResetValueTaskSourceCore<NatsMsg<T>> _core;
    private NatsConnection? _connection;
    private INatsDeserialize<T>? _deserializer;
    private NatsMsg<T> _answer;

    public ValueTask<NatsMsg<T>> Task => new(this, _core.Version);

    public static RequestSlot<T> Rent(NatsConnection connection, string subject, INatsDeserialize<T> deserializer, bool inline)
    {
        if (!Pool.TryDequeue(out var slot))
        {
            slot = new RequestSlot<T>();
        }

        slot._connection = connection;
        slot._deserializer = deserializer;
        slot.Subject = subject;
        slot._core.RunContinuationsAsynchronously = !inline;
        return slot;
    }

    public override void Complete(in NatsRawMsg msg)
    {
        if (msg.IsNoResponders)
        {
            _core.SetException(new NatsNoRespondersException($"Nobody is subscribed to '{Subject}'."));
            return;
        }

        var message = NatsMsg<T>.Create(msg, _connection!.InboxSubject, _deserializer!, _connection);
        if (message.Error is not null)
        {
            _core.SetException(message.Error);
        }
        else if (_core.RunContinuationsAsynchronously)
        {
            _core.RunContinuationsAsynchronously = false;
            _answer = message;
            _connection.AfterRead.Add(this);
        }
        else
        {
            _core.SetResult(message);
        }
    }

    /// <summary>The read loop has armed its next read: what follows the request may run here.</summary>
    void IThreadPoolWorkItem.Execute()
    {
        var answer = _answer;
        _answer = default;
        _core.SetResult(answer);
    }

    public override void Fail(Exception reason) => _core.SetException(reason);

    public NatsMsg<T> GetResult(short token)
    {
        try
        {
            return _core.GetResult(token);
        }
        finally
        {
            Return();
        }
    }

    public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    /// <summary>For a slot whose task was never handed out.</summary>
    public void Return()
    {
        // Waits for a cancellation that is running, so that it cannot hit the slot's next use.
        Cancellation.Dispose();
        Cancellation = default;
        _connection = null;
        _deserializer = null;
        Table = null;
        _core.Reset();
        if (Pool.Count < PoolLimit)
        {
            Pool.Enqueue(this);
        }
    }
}
