namespace Bowline.Core.Time;

/// <summary>
/// Watches the clocks and reports every freeze and sleep right after its end: a timer that was due during the gap
/// fires as soon as the process runs again, so the report comes within milliseconds of the resume.
/// </summary>
public sealed class SuspendMonitor : IDisposable
{
    /// <summary>How often the clocks are read.</summary>
    /// <value>500 ms: two wake-ups a second cost nothing measurable, and a gap shorter than this harms no link.</value>
    public static readonly TimeSpan DefaultInterval = TimeSpan.FromMilliseconds(500);

    /// <summary>How late a reading may be before it counts as a gap.</summary>
    /// <value>1 s: longer than scheduling delays of a busy machine, shorter than any timeout of a link.</value>
    public static readonly TimeSpan DefaultTolerance = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly Action<Suspension> _resumed;
    private readonly SuspendDetector _detector;
    private readonly ITimer _timer;
    private readonly long _origin;

    /// <summary>Starts to watch.</summary>
    /// <param name="time">The two clocks and the timer.</param>
    /// <param name="resumed">Called after each gap, on a timer thread; must not block.</param>
    public SuspendMonitor(TimeProvider time, Action<Suspension> resumed)
    {
        _time = time;
        _resumed = resumed;
        _detector = new SuspendDetector(DefaultInterval, DefaultTolerance);
        _origin = time.GetTimestamp();
        Observe();
        _timer = time.CreateTimer(static state => ((SuspendMonitor)state!).Observe(), this, DefaultInterval, DefaultInterval);
    }

    /// <summary>Stops watching.</summary>
    public void Dispose() => _timer.Dispose();

    private void Observe()
    {
        Suspension seen;
        lock (_gate)
        {
            seen = _detector.Observe(_time.GetElapsedTime(_origin), _time.GetUtcNow());
        }

        if (seen.Kind != SuspensionKind.None)
        {
            _resumed(seen);
        }
    }
}
