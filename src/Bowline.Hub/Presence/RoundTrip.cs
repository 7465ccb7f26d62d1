using System.Runtime.InteropServices;

namespace Bowline.Hub.Presence;

/// <summary>The last measured round trip. It outlives the evidence of its probe, because traffic proves a link but measures nothing.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct RoundTrip(TimeSpan Duration, DateTimeOffset At)
{
    /// <summary>In milliseconds, as the API shows it.</summary>
    public double Milliseconds => Math.Round(Duration.TotalMilliseconds, 3);
}
