using Bowline.Core.Time;

namespace Bowline.Nostr;

/// <summary>The time of the links of one connection; the time a machine slept through is counted.</summary>
internal sealed class LinkClock(TimeProvider time)
{
    private readonly long _origin = time.GetTimestamp();
    private long _asleepTicks;

    public Moment Now => new(time.GetElapsedTime(_origin) + TimeSpan.FromTicks(Interlocked.Read(ref _asleepTicks)), time.GetUtcNow());

    public void Resumed(Suspension suspension) => Interlocked.Add(ref _asleepTicks, suspension.Asleep.Ticks);
}
