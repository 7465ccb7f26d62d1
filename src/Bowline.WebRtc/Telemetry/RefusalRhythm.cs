namespace Bowline.WebRtc;

/// <summary>When refused input is worth a line again. Not thread-safe but for the last call: it is asked from the tick.</summary>
internal sealed class RefusalRhythm(TimeProvider time)
{
    /// <summary>Between two lines about refused input of one connection: whoever floods us writes no log with it.</summary>
    internal static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private long _told;
    private long _toldAt;

    /// <summary>True when more has been refused than was told, and the last line is long enough ago or this is the last.</summary>
    internal bool IsDue(long refused, bool isLast)
    {
        if (refused == _told || (!isLast && _told > 0 && time.GetElapsedTime(_toldAt) < Interval))
        {
            return false;
        }

        (_told, _toldAt) = (refused, time.GetTimestamp());
        return true;
    }
}
