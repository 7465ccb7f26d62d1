namespace Bowline.WebRtc;

/// <summary>How often the tick comes, and how far it moves the timers of SCTP. Pure.</summary>
internal sealed class TickRhythm
{
    /// <summary>While packets flow: below the delayed acknowledgement of 20 ms.</summary>
    internal static readonly TimeSpan Fine = TimeSpan.FromMilliseconds(10);

    /// <summary>Soon after packets flowed: a retransmission comes at most so much late.</summary>
    internal static readonly TimeSpan Coarse = TimeSpan.FromMilliseconds(50);

    /// <summary>With nothing but heartbeats; the first packet ends it at once.</summary>
    internal static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(250);

    /// <summary>A tick that comes so late says that the process was frozen, or the machine.</summary>
    internal static readonly TimeSpan Freeze = TimeSpan.FromSeconds(1);

    /// <summary>For how long after the last packet: beyond the shortest retransmission timeout and half of it.</summary>
    private static readonly TimeSpan FineLasts = TimeSpan.FromMilliseconds(300);

    /// <summary>For how long after the last packet: twice the longest retransmission timeout and a bit.</summary>
    private static readonly TimeSpan CoarseLasts = TimeSpan.FromSeconds(5);

    /// <summary>The timers move by so much at most: one freeze of an hour is one missed answer, not a thousand.</summary>
    private static readonly TimeSpan LongestStep = TimeSpan.FromSeconds(1);

    /// <summary>Over how long packets are counted to tell a transfer from talk.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(1);

    /// <summary>Packets of a transfer that may leave memory behind: some 10 MiB.</summary>
    private const int Transfer = 10_000;

    /// <summary>Packets in a <see cref="Window"/> that are talk and no transfer.</summary>
    private const int Talk = 1_000;

    private TimeSpan _quiet;
    private TimeSpan _calm;
    private TimeSpan _window;
    private int _inWindow;
    private long _moved;
    private TimeSpan _carry;

    internal TimeSpan Period => _quiet < FineLasts ? Fine : _quiet < CoarseLasts ? Coarse : Slow;

    /// <summary>Time has passed, and so many packets; gives the whole milliseconds that the timers move by.</summary>
    internal TimeSpan Advance(TimeSpan elapsed, int packets)
    {
        _quiet = packets > 0 ? TimeSpan.Zero : _quiet + elapsed;
        Count(elapsed, packets);
        var step = _carry + (elapsed < LongestStep ? elapsed : LongestStep);
        var whole = TimeSpan.FromMilliseconds(Math.Floor(step.TotalMilliseconds));
        _carry = step - whole;
        return whole;
    }

    /// <summary>True once after each time that packets flowed and then stopped, or a transfer has ended: memory can be given back.</summary>
    internal bool TakeQuiet()
    {
        var isQuiet = (_moved > 0 && _quiet >= CoarseLasts) || (_moved >= Transfer && _calm >= CoarseLasts);
        _moved = isQuiet ? 0 : _moved;
        return isQuiet;
    }

    private void Count(TimeSpan elapsed, int packets)
    {
        _moved += packets;
        _inWindow += packets;
        _window += elapsed;
        if (_window >= Window)
        {
            _calm = _inWindow > Talk ? TimeSpan.Zero : _calm + _window;
            (_window, _inWindow) = (TimeSpan.Zero, 0);
        }
    }
}
