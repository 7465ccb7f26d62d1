using System.Runtime.InteropServices;

namespace Bowline.Hub.Presence;

/// <summary>One reading of both clocks: ages are measured on the one that never steps, people are shown the other.</summary>
/// <param name="Steady">The monotonic clock.</param>
/// <param name="Wall">The time of day, UTC.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Reading(TimeSpan Steady, DateTimeOffset Wall)
{
    /// <summary>Both clocks now.</summary>
    public static Reading Of(TimeProvider time) => new(time.GetElapsedTime(0), time.GetUtcNow());
}
