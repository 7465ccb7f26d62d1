using Bowline.Core.Time;

namespace Bowline.Core.Tests.Time;

public sealed class SuspendDetectorTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly SuspendDetector _detector = new(TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(1));

    [Fact]
    public void The_first_reading_shows_nothing() => Assert.Equal(default, Observe(1_000_000, 1_000_000));

    [Fact]
    public void Regular_readings_show_nothing()
    {
        for (var i = 0; i < 100; i++)
        {
            Assert.Equal(SuspensionKind.None, Observe(i * 0.5, i * 0.5).Kind);
        }
    }

    [Theory]
    [InlineData(1.4)]
    [InlineData(0.6)]
    public void A_late_reading_within_the_tolerance_shows_nothing(double seconds)
    {
        Observe(0, 0);
        Assert.Equal(SuspensionKind.None, Observe(seconds, seconds).Kind);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(30)]
    [InlineData(120)]
    public void A_gap_on_both_clocks_is_a_freeze(double seconds)
    {
        Observe(0, 0);
        var seen = Observe(seconds, seconds);
        Assert.Equal(new Suspension(SuspensionKind.Frozen, TimeSpan.FromSeconds(seconds - 0.5), TimeSpan.Zero), seen);
    }

    [Fact]
    public void A_gap_on_the_wall_clock_alone_is_sleep_that_the_other_clock_did_not_count()
    {
        Observe(0, 0);
        var seen = Observe(0.5, 3600.5);
        Assert.Equal(new Suspension(SuspensionKind.Suspended, TimeSpan.FromHours(1), TimeSpan.FromHours(1)), seen);
    }

    [Fact]
    public void A_freeze_with_sleep_inside_is_sleep_and_counts_both()
    {
        Observe(0, 0);
        var seen = Observe(10.5, 70.5);
        Assert.Equal(new Suspension(SuspensionKind.Suspended, TimeSpan.FromSeconds(70), TimeSpan.FromSeconds(60)), seen);
    }

    [Fact]
    public void A_wall_clock_set_back_shows_nothing_and_the_next_gap_is_still_seen()
    {
        Observe(0, 7200);
        Assert.Equal(SuspensionKind.None, Observe(0.5, 0).Kind);
        Assert.Equal(SuspensionKind.Frozen, Observe(30, 29.5).Kind);
    }

    [Fact]
    public void A_gap_is_reported_once()
    {
        Observe(0, 0);
        Assert.Equal(SuspensionKind.Frozen, Observe(60, 60).Kind);
        Assert.Equal(SuspensionKind.None, Observe(60.5, 60.5).Kind);
    }

    private Suspension Observe(double monotonic, double wall) =>
        _detector.Observe(TimeSpan.FromSeconds(monotonic), Start.AddSeconds(wall));
}
