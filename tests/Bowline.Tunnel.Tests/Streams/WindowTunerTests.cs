namespace Bowline.Tunnel.Tests.Streams;

public class WindowTunerTests
{
    private const long Initial = 256 * 1024;
    private const long Max = 2 * 1024 * 1024;
    private const double MiB = 1024 * 1024;
    private static readonly TimeSpan Unknown = TimeSpan.Zero;

    [Fact]
    public void A_long_path_gets_the_largest_window_within_seconds()
    {
        var path = new Path(bytesPerSecond: 100 * MiB, roundTrip: TimeSpan.FromMilliseconds(20));
        path.Run(TimeSpan.FromSeconds(3));
        Assert.Equal(Max, path.Tuner.Window);
    }

    [Fact]
    public void A_path_that_is_full_already_keeps_the_smallest()
    {
        var path = new Path(bytesPerSecond: 300 * MiB, roundTrip: TimeSpan.FromMilliseconds(0.2));
        path.Run(TimeSpan.FromSeconds(60));
        Assert.Equal(Initial, path.Tuner.Window);
        Assert.True(path.ShareAboveInitial < 0.02, $"{path.ShareAboveInitial:P1} of the time above the smallest window");
    }

    [Fact]
    public void Noise_of_a_busy_machine_does_not_make_it_grow()
    {
        var path = new Path(bytesPerSecond: 300 * MiB, roundTrip: TimeSpan.FromMilliseconds(0.2)) { Noise = new Random(7) };
        path.Run(TimeSpan.FromSeconds(60));
        Assert.True(path.ShareAboveInitial < 0.2, $"{path.ShareAboveInitial:P1} of the time above the smallest window");
    }

    [Fact]
    public void A_reader_that_becomes_slow_gets_the_smallest_window_back()
    {
        var path = new Path(bytesPerSecond: 100 * MiB, roundTrip: TimeSpan.FromMilliseconds(20));
        path.Run(TimeSpan.FromSeconds(3));
        path.BytesPerSecond = 2 * MiB;
        path.Run(TimeSpan.FromSeconds(30));
        Assert.Equal(Initial, path.Tuner.Window);
    }

    [Fact]
    public void A_known_short_round_trip_spares_the_trial()
    {
        var tuner = new WindowTuner(Initial, Max);
        var now = TimeSpan.Zero;
        for (var i = 0; i < 10_000; i++)
        {
            now += TimeSpan.FromMilliseconds(1);
            tuner.OnConsumed(100 * 1024, now, TimeSpan.FromMilliseconds(1), shared: false);
            Assert.Equal(Initial, tuner.Window);
        }
    }

    [Fact]
    public void Beside_short_exchanges_a_near_path_keeps_little_under_way_and_gets_all_back_afterwards()
    {
        var path = new Path(bytesPerSecond: 300 * MiB, roundTrip: TimeSpan.FromMilliseconds(0.2)) { RoundTrip = TimeSpan.FromMilliseconds(0.2) };
        path.Run(TimeSpan.FromSeconds(1));
        path.Shared = true;
        path.Run(TimeSpan.FromMilliseconds(1));
        Assert.Equal(32 * 1024, path.Tuner.Window);
        path.Run(TimeSpan.FromSeconds(5));
        Assert.Equal(32 * 1024, path.Tuner.Window);
        path.Shared = false;
        path.Run(TimeSpan.FromMilliseconds(1));
        Assert.Equal(Initial, path.Tuner.Window);
    }

    [Fact]
    public void Beside_short_exchanges_a_far_path_keeps_what_half_a_gigabit_needs()
    {
        var path = new Path(bytesPerSecond: 100 * MiB, roundTrip: TimeSpan.FromMilliseconds(20)) { RoundTrip = TimeSpan.FromMilliseconds(20) };
        path.Run(TimeSpan.FromSeconds(3));
        path.Shared = true;
        path.Run(TimeSpan.FromSeconds(1));
        Assert.InRange(path.Tuner.Window, 0.999 * 64 * MiB * 0.020, 1.001 * 64 * MiB * 0.020);
    }

    [Fact]
    public void An_unknown_round_trip_caps_nothing()
    {
        var path = new Path(bytesPerSecond: 100 * MiB, roundTrip: TimeSpan.FromMilliseconds(20)) { Shared = true };
        path.Run(TimeSpan.FromSeconds(3));
        Assert.Equal(Max, path.Tuner.Window);
    }

    [Fact]
    public void Company_that_comes_and_goes_in_the_middle_of_trials_leaves_no_window_behind()
    {
        // 30 ms is shorter than any trial lasts: every one is interrupted.
        var path = new Path(bytesPerSecond: 300 * MiB, roundTrip: TimeSpan.FromMilliseconds(0.2)) { RoundTrip = TimeSpan.FromMilliseconds(2) };
        for (var i = 0; i < 500; i++)
        {
            path.Shared = i % 2 == 1;
            path.Run(TimeSpan.FromMilliseconds(i % 7 == 0 ? 80 : 30));
        }

        path.Shared = false;
        path.Run(TimeSpan.FromMilliseconds(1));
        Assert.InRange(path.Tuner.Window, Initial, 2 * Initial);
    }

    /// <summary>A path on which the rate is what the window allows per round trip, up to its capacity.</summary>
    private sealed class Path(double bytesPerSecond, TimeSpan roundTrip)
    {
        private TimeSpan _now;
        private int _steps;
        private int _above;

        public WindowTuner Tuner { get; } = new(Initial, Max);

        public double BytesPerSecond { get; set; } = bytesPerSecond;

        /// <summary>What was measured of it.</summary>
        public TimeSpan RoundTrip { get; init; } = Unknown;

        public bool Shared { get; set; }

        public Random? Noise { get; init; }

        public double ShareAboveInitial => (double)_above / _steps;

        public void Run(TimeSpan time)
        {
            var step = TimeSpan.FromMilliseconds(1);
            for (var end = _now + time; _now < end; _now += step)
            {
                var rate = Math.Min(BytesPerSecond, Tuner.Window / roundTrip.TotalSeconds);

                // Each millisecond is between nothing and twice the rate.
                var share = Noise is null ? 1 : Noise.NextDouble() * 2;
                Tuner.OnConsumed((long)(rate * share * step.TotalSeconds), _now, RoundTrip, Shared);
                _steps++;
                _above += Tuner.Window > Initial ? 1 : 0;
            }
        }
    }
}
