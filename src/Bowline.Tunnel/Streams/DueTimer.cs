namespace Bowline.Tunnel;

/// <summary>
/// One timer for all deadlines of a client or server. Asking for a time later than the pending one costs a comparison, so a request
/// that is answered quickly never touches the real timer. Stands still when nothing is due.
/// </summary>
internal sealed class DueTimer : IDisposable
{
    /// <summary>Timers that fall due together are served together; nothing here is due more finely.</summary>
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(5);
    private readonly Lock _gate = new();
    private readonly Func<TimeSpan, TimeSpan> _sweep;
    private readonly MonotonicClock _clock;
    private readonly ITimer _timer;
    private long _due = long.MaxValue;
    private bool _disposed;

    /// <summary>A timer that is not running yet.</summary>
    /// <param name="clock">Where time comes from.</param>
    /// <param name="sweep">Handles what is due and says when it wants to be called again, or <see cref="TimeSpan.MaxValue"/>.</param>
    public DueTimer(MonotonicClock clock, Func<TimeSpan, TimeSpan> sweep)
    {
        _sweep = sweep;
        _clock = clock;
        _timer = clock.Provider.CreateTimer(static self => ((DueTimer)self!).Fire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Need(TimeSpan due)
    {
        if (due.Ticks >= Volatile.Read(ref _due))
        {
            return;
        }

        lock (_gate)
        {
            if (due.Ticks >= _due || _disposed)
            {
                return;
            }

            _due = due.Ticks;
            var wait = due - _clock.Now;
            _ = _timer.Change(wait < Shortest ? Shortest : wait, Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
        }

        _timer.Dispose();
    }

    private void Fire()
    {
        Volatile.Write(ref _due, long.MaxValue);
        Need(_sweep(_clock.Now));
    }
}
