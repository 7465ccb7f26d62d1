using Bowline.Core.Health;

namespace Bowline.Core.Tests.Health;

public sealed class HealthTrackerTests
{
    private static readonly HealthCode Slow = new("relay-slow", "Relay is slow", HealthSeverity.Warning, TimeSpan.FromSeconds(5));
    private static readonly HealthCode Gone = new("hub-unreachable", "Hub unreachable", HealthSeverity.Error, TimeSpan.Zero);
    private readonly Clock _clock = new();
    private readonly HealthTracker _health;

    public HealthTrackerTests() => _health = new HealthTracker(_clock);

    [Fact]
    public void A_trouble_is_shown_once_it_has_lasted_and_says_since_when()
    {
        var began = _clock.GetUtcNow();
        _health.Raise(Slow, "Answers take 3 s.", "bowline doctor");
        _clock.Now += TimeSpan.FromSeconds(4.9);
        Assert.Empty(_health.Visible);
        _clock.Now += TimeSpan.FromSeconds(0.1);
        Assert.Equal(new HealthWarning("relay-slow", "Relay is slow", HealthSeverity.Warning, "Answers take 3 s.", "bowline doctor", began), Assert.Single(_health.Visible));
    }

    [Fact]
    public void What_heals_in_time_is_never_shown()
    {
        _health.Raise(Slow, "slow");
        _clock.Now += TimeSpan.FromSeconds(3);
        _health.Clear(Slow);
        _clock.Now += TimeSpan.FromSeconds(3);
        _health.Raise(Slow, "slow again");
        Assert.Empty(_health.Visible);
    }

    [Fact]
    public void Raising_again_keeps_the_beginning_and_renews_the_text()
    {
        var began = _clock.GetUtcNow();
        _health.Raise(Gone, "connection refused");
        _clock.Now += TimeSpan.FromMinutes(1);
        _health.Raise(Gone, "no route to host");
        var shown = Assert.Single(_health.Visible);
        Assert.Equal(began, shown.Since);
        Assert.Equal("no route to host", shown.Text);
    }

    [Fact]
    public void The_gravest_comes_first()
    {
        _health.Raise(Slow, "slow");
        _clock.Now += TimeSpan.FromSeconds(10);
        _health.Raise(Gone, "gone");
        Assert.Equal(["hub-unreachable", "relay-slow"], _health.Visible.Select(w => w.Code));
    }

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
