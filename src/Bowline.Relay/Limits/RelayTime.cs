namespace Bowline.Relay;

/// <summary>A moment: what the calendar says, and what a clock that is never set says.</summary>
/// <param name="UnixSeconds">Seconds since 1970, for what events carry.</param>
/// <param name="Monotonic">Since any moment, for rates and waits.</param>
internal readonly record struct RelayTime(long UnixSeconds, TimeSpan Monotonic)
{
    public static RelayTime Of(TimeProvider time) => new(time.GetUtcNow().ToUnixTimeSeconds(), time.GetElapsedTime(0, time.GetTimestamp()));
}
