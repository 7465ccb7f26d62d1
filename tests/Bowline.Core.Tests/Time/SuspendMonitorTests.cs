using Bowline.Core.Time;

namespace Bowline.Core.Tests.Time;

public sealed class SuspendMonitorTests
{
    [Fact]
    public void A_freeze_is_reported_by_the_first_timer_after_it_and_nothing_before()
    {
        var time = new TwoClocks();
        var seen = new List<Suspension>();
        using var monitor = new SuspendMonitor(time, seen.Add);
        for (var i = 0; i < 10; i++)
        {
            time.Tick(SuspendMonitor.DefaultInterval, TimeSpan.Zero);
        }

        Assert.Empty(seen);
        time.Tick(TimeSpan.FromSeconds(120), TimeSpan.Zero);
        Assert.Equal(SuspensionKind.Frozen, Assert.Single(seen).Kind);
        time.Tick(SuspendMonitor.DefaultInterval, TimeSpan.FromHours(8));
        Assert.Equal(TimeSpan.FromHours(8), seen[1].Asleep);
    }

    [Fact]
    public void Nothing_is_reported_after_it_was_disposed()
    {
        var time = new TwoClocks();
        new SuspendMonitor(time, _ => Assert.Fail("disposed")).Dispose();
        Assert.Equal(0, time.Timers);
    }

    private sealed class TwoClocks : TimeProvider
    {
        private readonly List<Timer> _timers = [];
        private TimeSpan _monotonic = TimeSpan.FromDays(3);
        private DateTimeOffset _wall = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public int Timers => _timers.Count;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _monotonic.Ticks;

        public override DateTimeOffset GetUtcNow() => _wall;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            new Timer(this, () => callback(state));

        public void Tick(TimeSpan ran, TimeSpan slept)
        {
            _monotonic += ran;
            _wall += ran + slept;
            _timers.ForEach(timer => timer.Fire());
        }

        private sealed class Timer : ITimer
        {
            private readonly TwoClocks _owner;

            public Timer(TwoClocks owner, Action fire)
            {
                _owner = owner;
                Fire = fire;
                owner._timers.Add(this);
            }

            public Action Fire { get; }

            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose() => _owner._timers.Remove(this);

            public ValueTask DisposeAsync()
            {
                Dispose();
                return ValueTask.CompletedTask;
            }
        }
    }
}
