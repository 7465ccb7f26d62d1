namespace Bowline.Tunnel;

/// <summary>Time since an arbitrary start, which never jumps; and the wall clock for what is compared between machines.</summary>
internal sealed class MonotonicClock(TimeProvider provider)
{
    private readonly long _start = provider.GetTimestamp();

    public TimeProvider Provider => provider;

    // One tick, not zero, so that "never" can be zero.
    public TimeSpan Now => provider.GetElapsedTime(_start) + TimeSpan.FromTicks(1);

    public long UnixMs => provider.GetUtcNow().ToUnixTimeMilliseconds();
}
