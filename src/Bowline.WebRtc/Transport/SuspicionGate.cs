namespace Bowline.WebRtc;

/// <summary>
/// Consent (RFC 7675) as the owner times it: while it suspects that the other side is gone, one packet a second may leave, as a
/// probe. Whatever arrives from the other side ends that at once.
/// </summary>
internal sealed class SuspicionGate(TimeProvider time)
{
    /// <summary>Between two packets to a peer that may not be there any more.</summary>
    internal static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private bool _isSuspect;
    private long _lastProbe;
    private bool _hasProbed;

    internal bool IsSuspect => Volatile.Read(ref _isSuspect);

    /// <summary>True when this changed something.</summary>
    internal bool Set(bool isSuspect)
    {
        lock (_gate)
        {
            var isChange = _isSuspect != isSuspect;
            (_isSuspect, _hasProbed) = (isSuspect, _hasProbed && !isChange);
            return isChange;
        }
    }

    /// <summary>Whether a packet may leave now; it counts as the probe of this second when it may.</summary>
    internal bool TryPass()
    {
        if (!IsSuspect)
        {
            return true;
        }

        lock (_gate)
        {
            var now = time.GetTimestamp();
            if (_isSuspect && _hasProbed && time.GetElapsedTime(_lastProbe, now) < Interval)
            {
                return false;
            }

            (_lastProbe, _hasProbed) = (now, true);
            return true;
        }
    }

    /// <summary>Whether it is time for a probe.</summary>
    internal bool IsProbeDue()
    {
        lock (_gate)
        {
            return _isSuspect && (!_hasProbed || time.GetElapsedTime(_lastProbe) >= Interval);
        }
    }
}
