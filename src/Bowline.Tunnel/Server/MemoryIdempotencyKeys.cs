namespace Bowline.Tunnel;

/// <summary>Keys of the last ten minutes, at most 10,000: when more come, the oldest go first.</summary>
public class MemoryIdempotencyKeys(TimeProvider timeProvider) : IIdempotencyKeys
{
    /// <summary>How long a key is remembered.</summary>
    public static readonly TimeSpan Memory = TimeSpan.FromMinutes(10);

    private const int MaxKeys = 10_000;
    private readonly Lock _gate = new();
    private readonly HashSet<string> _keys = new(StringComparer.Ordinal);
    private readonly Queue<(DateTimeOffset At, string Key)> _order = new();

    /// <inheritdoc/>
    public bool TryEnter(string key)
    {
        lock (_gate)
        {
            var now = timeProvider.GetUtcNow();
            Forget(now);
            if (!_keys.Add(key))
            {
                return false;
            }

            _order.Enqueue((now, key));
            Entered(now, key);
            return true;
        }
    }

    /// <summary>Puts back a key that was seen earlier.</summary>
    protected void Restore(DateTimeOffset at, string key)
    {
        if (_keys.Add(key))
        {
            _order.Enqueue((at, key));
        }
    }

    /// <summary>Called under the lock before the request may start.</summary>
    protected virtual void Entered(DateTimeOffset at, string key)
    {
    }

    private void Forget(DateTimeOffset now)
    {
        while (_order.TryPeek(out var oldest) && (now - oldest.At > Memory || _order.Count >= MaxKeys))
        {
            _ = _order.Dequeue();
            _ = _keys.Remove(oldest.Key);
        }
    }
}
