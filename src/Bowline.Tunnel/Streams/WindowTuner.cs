namespace Bowline.Tunnel;

/// <summary>
/// How large the window of one stream should be: as small as its rate allows, because everything under way stands in front of other
/// streams' frames. It tries double the window and keeps it only if the rate rises by <see cref="Gain"/>; later it tries half, and keeps that
/// unless the rate falls. A round trip alone cannot tell: measured behind our own bytes it grows with the window. Pure.
/// </summary>
internal sealed class WindowTuner(long initial, long max)
{
    /// <summary>A change must show in the rate by this factor, or the smaller window wins; above what one noisy stretch shows.</summary>
    private const double Gain = 1.25;

    /// <summary>A stretch is measured over this many windows, so that what was under way before a change does not decide.</summary>
    private const int WindowsPerStretch = 3;

    /// <summary>... and for this long at least, so that a pause of the scheduler does not decide.</summary>
    private static readonly TimeSpan ShortestStretch = TimeSpan.FromMilliseconds(50);

    /// <summary>After a change that did not pay: 1 s, then twice as long each time, so that trials cost nothing in a long transfer.</summary>
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    /// <summary>The bound of that doubling: a path that changed is noticed within half a minute.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(32);

    /// <summary>What a stream beside short exchanges keeps under way at least.</summary>
    /// <value>32 KiB: two frames, so that one is written while the other is read.</value>
    private const long SharedFloor = 32 * 1024;

    /// <summary>The rate that a stream beside short exchanges may have on any path; more under way would only stand in their way.</summary>
    /// <value>64 MiB/s: half a gigabit. What it allows on one machine is <see cref="SharedFloor"/>, on a path of 32 ms everything.</value>
    private const double SharedBytesPerTick = 64.0 * 1024 * 1024 / TimeSpan.TicksPerSecond;

    private readonly long _smallest = initial;
    private TimeSpan? _stretchAt;
    private long _stretchBytes;
    private double _rate;
    private bool _trying;
    private bool _down;
    private TimeSpan _nextTrial;
    private TimeSpan _pause = FirstPause;

    private long _window = initial;
    private long _cap = long.MaxValue;

    /// <summary>The window now.</summary>
    public long Window => Math.Min(_window, _cap);

    /// <summary>
    /// The reader took bytes. <paramref name="roundTrip"/> is an upper bound, or zero when unknown; <paramref name="shared"/> while short
    /// exchanges run beside this stream.
    /// </summary>
    public void OnConsumed(long bytes, TimeSpan now, TimeSpan roundTrip, bool shared)
    {
        _cap = shared && roundTrip > TimeSpan.Zero ? Math.Max(SharedFloor, (long)(SharedBytesPerTick * roundTrip.Ticks)) : long.MaxValue;
        if (_cap < _window)
        {
            // A rate under the cap says nothing about the window.
            GiveUpTrial();
            _stretchAt = null;
            return;
        }

        if (_stretchAt is not { } since)
        {
            _stretchAt = now;
            _stretchBytes = 0;
            return;
        }

        _stretchBytes += bytes;
        if (_stretchBytes < WindowsPerStretch * _window || now - since < ShortestStretch)
        {
            return;
        }

        var rate = (double)_stretchBytes / (now - since).Ticks;
        if (_trying)
        {
            Judge(rate, now);
        }

        _rate = rate;
        _stretchAt = now;
        _stretchBytes = 0;
        if (now >= _nextTrial)
        {
            Try(roundTrip);
        }
    }

    private void Judge(double rate, TimeSpan now)
    {
        _trying = false;
        if (_down ? rate * Gain >= _rate : rate >= _rate * Gain)
        {
            _pause = FirstPause;
            return;
        }

        TakeBack();
        _down = !_down;
        _nextTrial = now + _pause;
        _pause = _pause * 2 < LongestPause ? _pause * 2 : LongestPause;
    }

    private void GiveUpTrial()
    {
        if (_trying)
        {
            _trying = false;
            TakeBack();
        }
    }

    private void TakeBack() => _window = _down ? _window * 2 : _window / 2;

    private void Try(TimeSpan roundTrip)
    {
        var mayGrow = _window * 2 <= max && (roundTrip == TimeSpan.Zero || 2 * _rate * roundTrip.Ticks > _window);
        var mayShrink = _window > _smallest;
        _down = mayShrink && (_down || !mayGrow);
        _trying = _down || mayGrow;
        if (_trying)
        {
            _window = _down ? _window / 2 : _window * 2;
        }
    }
}
