using Bowline.Testing.Time;

namespace Bowline.WebRtc.Tests.Telemetry;

public sealed class RefusalRhythmTests
{
    [Fact]
    public void The_first_is_told_at_once_then_the_sum_every_ten_seconds_and_what_is_left_at_the_end()
    {
        var time = new ManualTimeProvider();
        var rhythm = new RefusalRhythm(time);
        Assert.False(rhythm.IsDue(0, isLast: false));
        Assert.True(rhythm.IsDue(1, isLast: false));
        time.Advance(RefusalRhythm.Interval - TimeSpan.FromMilliseconds(1));
        Assert.False(rhythm.IsDue(500, isLast: false));
        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(rhythm.IsDue(501, isLast: false));
        time.Advance(RefusalRhythm.Interval);
        Assert.False(rhythm.IsDue(501, isLast: false));
        Assert.True(rhythm.IsDue(502, isLast: false));
        Assert.True(rhythm.IsDue(503, isLast: true));
        Assert.False(rhythm.IsDue(503, isLast: true));
    }
}
