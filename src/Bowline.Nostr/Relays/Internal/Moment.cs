using System.Runtime.InteropServices;

namespace Bowline.Nostr;

/// <summary>Both clocks at one moment: one that never steps for waits, and the time of day for what events carry.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Moment(TimeSpan Elapsed, DateTimeOffset Wall)
{
    public long Seconds => Wall.ToUnixTimeSeconds();
}
