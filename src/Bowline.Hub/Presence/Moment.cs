namespace Bowline.Hub.Presence;

/// <summary>One reading of both clocks: ages are measured on the one that never steps, people are shown the other.</summary>
/// <param name="Ticks">The monotonic clock.</param>
/// <param name="Wall">The time of day, UTC.</param>
internal readonly record struct Moment(TimeSpan Ticks, DateTimeOffset Wall)
{
    /// <summary>The time now.</summary>
    public static Moment Now(TimeProvider time) => new(time.GetElapsedTime(0), time.GetUtcNow());
}
