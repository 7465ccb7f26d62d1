namespace Bowline.Tunnel;

/// <summary>
/// Whether short exchanges run beside a stream: the last two streams that opened, answered or spoke after a pause are
/// remembered, so that a stream can leave itself out. Pure, times are spans since an arbitrary start.
/// </summary>
internal sealed class Interactivity
{
    /// <summary>A frame after so long a silence of its stream is a message, not a part of a body that flows.</summary>
    /// <value>10 ms: many times what a busy scheduler puts between two frames of a body, less than people or programs put between two messages.</value>
    public static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    /// <summary>How long a stream is taken to have company after the last such frame.</summary>
    /// <value>50 ms: closed loops and bursts renew it long before, a lone probe costs a transfer next to nothing.</value>
    public static readonly TimeSpan Lasting = TimeSpan.FromMilliseconds(50);

    private uint _last;
    private TimeSpan _lastAt = TimeSpan.MinValue;
    private TimeSpan _anotherAt = TimeSpan.MinValue;

    /// <summary>A stream opened, answered, or spoke after a pause.</summary>
    public void Seen(uint stream, TimeSpan now)
    {
        if (stream != _last)
        {
            _anotherAt = _lastAt;
            _last = stream;
        }

        _lastAt = now;
    }

    /// <summary>True while another stream than this one was seen of late.</summary>
    public bool IsBeside(uint stream, TimeSpan now) => now - Lasting < (stream == _last ? _anotherAt : _lastAt);
}
