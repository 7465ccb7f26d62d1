namespace Bowline.Tunnel;

/// <summary>
/// How long a client waits for the first word about an open: max(floor, 4 x smoothed round trip), smoothed as TCP does (1/8). Pure.
/// </summary>
internal sealed class AcceptTiming(TimeSpan floor)
{
    private double _smoothedTicks;

    public TimeSpan Smoothed => TimeSpan.FromTicks((long)_smoothedTicks);

    public TimeSpan Timeout => TimeSpan.FromTicks(Math.Max(floor.Ticks, (long)(4 * _smoothedTicks)));

    public void Sample(TimeSpan roundTrip) =>
        _smoothedTicks = _smoothedTicks == 0 ? roundTrip.Ticks : _smoothedTicks + ((roundTrip.Ticks - _smoothedTicks) / 8);
}
