namespace Bowline.Core.Time;

/// <summary>
/// Exponential waiting with full jitter: attempt n waits a random time in [min, min(max, min * 2^n)].
/// The spread keeps a fleet that lost the same server from returning in one wave.
/// </summary>
/// <param name="min">The shortest wait, and the bound of the first.</param>
/// <param name="max">The longest wait.</param>
/// <param name="random">Where randomness comes from, injected.</param>
public sealed class Backoff(TimeSpan min, TimeSpan max, Random random)
{
    private int _attempt;

    /// <summary>How many waits were handed out since the last reset.</summary>
    public int Attempt => _attempt;

    /// <summary>The next wait.</summary>
    public TimeSpan Next()
    {
        var bound = Math.Min(max.TotalMilliseconds, min.TotalMilliseconds * Math.Pow(2, Math.Min(_attempt, 30)));
        _attempt++;
        return TimeSpan.FromMilliseconds(min.TotalMilliseconds + (random.NextDouble() * (bound - min.TotalMilliseconds)));
    }

    /// <summary>Called after success: the next wait is short again.</summary>
    public void Reset() => _attempt = 0;
}
