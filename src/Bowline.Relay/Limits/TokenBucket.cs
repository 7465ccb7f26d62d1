namespace Bowline.Relay;

/// <summary>A token bucket: full at first, one token per event, filled at a steady rate. Not thread-safe.</summary>
/// <param name="rate">The rate, or null for no limit.</param>
/// <param name="now">Monotonic time.</param>
internal sealed class TokenBucket(RelayRate? rate, TimeSpan now)
{
    private double _tokens = rate?.Burst ?? 0;
    private TimeSpan _last = now;

    /// <summary>Takes one token, if there is one.</summary>
    public bool TryTake(TimeSpan now)
    {
        if (rate is null)
        {
            return true;
        }

        Fill(now);
        if (_tokens < 1)
        {
            return false;
        }

        _tokens--;
        return true;
    }

    /// <summary>True when forgetting it changes nothing.</summary>
    public bool IsFull(TimeSpan now)
    {
        Fill(now);
        return rate is not { } value || _tokens >= value.Burst;
    }

    private void Fill(TimeSpan now)
    {
        if (rate is { } value && now > _last)
        {
            _tokens = Math.Min(value.Burst, _tokens + ((now - _last).TotalSeconds * value.PerSecond));
            _last = now;
        }
    }
}
