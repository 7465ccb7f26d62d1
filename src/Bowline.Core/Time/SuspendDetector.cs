namespace Bowline.Core.Time;

/// <summary>
/// Decides from two clocks, read at regular times, whether the process was frozen or the machine slept in between.
/// Pure: it reads no clock itself. A wall clock set forward by hand looks like sleep; the price is one needless probe.
/// A wall clock set back looks like nothing.
/// </summary>
/// <param name="interval">How often <see cref="Observe"/> is meant to be called.</param>
/// <param name="tolerance">How much later than meant is still ordinary: a busy machine, a garbage collection.</param>
public sealed class SuspendDetector(TimeSpan interval, TimeSpan tolerance)
{
    private TimeSpan _monotonic;
    private DateTimeOffset _wall;
    private bool _started;

    /// <summary>Takes one reading of both clocks and compares it with the one before. The first has nothing to compare with.</summary>
    /// <param name="monotonic">Time on a clock that never steps; whether it counts sleep depends on the platform.</param>
    /// <param name="wall">The time of day, UTC.</param>
    public Suspension Observe(TimeSpan monotonic, DateTimeOffset wall)
    {
        var ran = monotonic - _monotonic;
        var passed = wall - _wall;
        var started = _started;
        (_monotonic, _wall, _started) = (monotonic, wall, true);
        if (!started)
        {
            return default;
        }

        var asleep = passed - ran > tolerance ? passed - ran : TimeSpan.Zero;
        var gap = ran + asleep - interval;
        return asleep > TimeSpan.Zero
            ? new Suspension(SuspensionKind.Suspended, gap, asleep)
            : gap > tolerance ? new Suspension(SuspensionKind.Frozen, gap, TimeSpan.Zero) : default;
    }
}
