using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Bowline.Nats;

/// <summary>
/// What messages set going: collected while a batch of them is handled, and run on the same thread once the next read is
/// armed. That saves the hop to the pool, and still nothing that runs here can hold up reading: the next read completes on
/// another thread. When more than one waits, the pool is asked to help, so that they do not hold up each other either.
/// </summary>
internal sealed class AfterRead : IThreadPoolWorkItem
{
    private readonly ConcurrentQueue<IThreadPoolWorkItem> _items = new();

    /// <summary>Called on the read loop.</summary>
    public void Add(IThreadPoolWorkItem item) => _items.Enqueue(item);

    /// <summary>Awaited on the read loop instead of <paramref name="receiving"/> itself.</summary>
    public Armed Arm(ValueTask<int> receiving) => new(receiving.ConfigureAwait(false).GetAwaiter(), this);

    /// <summary>A helper's turn.</summary>
    void IThreadPoolWorkItem.Execute() => Run();

    /// <summary>For when no read is going to be armed now: reading pauses or has ended.</summary>
    public void RunOnPool()
    {
        if (!_items.IsEmpty)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    private void Run()
    {
        if (_items.TryDequeue(out var item))
        {
            RunOnPool();
            do
            {
                item.Execute();
            }
            while (_items.TryDequeue(out item));
        }
    }

    internal readonly struct Armed(ConfiguredValueTaskAwaitable<int>.ConfiguredValueTaskAwaiter receiving, AfterRead after) : ICriticalNotifyCompletion
    {
        public bool IsCompleted
        {
            get
            {
                if (!receiving.IsCompleted)
                {
                    return false;
                }

                // More is there already: the loop goes on, so the pool takes what waits.
                after.RunOnPool();
                return true;
            }
        }

        public Armed GetAwaiter() => this;

        public int GetResult() => receiving.GetResult();

        public void OnCompleted(Action continuation) => UnsafeOnCompleted(continuation);

        public void UnsafeOnCompleted(Action continuation)
        {
            // Once armed, the loop may run on another thread and reuse the memory this awaiter lies in.
            var waiting = after;
            receiving.UnsafeOnCompleted(continuation);
            waiting.Run();
        }
    }
}
