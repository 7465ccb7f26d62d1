namespace Bowline.WebRtc;

/// <summary>
/// Consent (RFC 7675) as the owner times it: while it suspects that the other side is gone, one packet a second may leave, as a
/// probe. Whatever arrives from the other side ends that at once, and what was held back last may leave.
/// </summary>
internal sealed class SuspicionGate(TimeProvider time)
{
    /// <summary>Between two packets to a peer that may not be there any more.</summary>
    internal static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly SuppressedPackets _held = new();
    private bool _isSuspect;
    private long _lastProbe;
    private bool _hasProbed;

    internal bool IsSuspect => Volatile.Read(ref _isSuspect);

    /// <summary>True when this changed something.</summary>
    /// <param name="isSuspect">Whether the other side may be gone.</param>
    /// <param name="held">What was held back and may leave now.</param>
    internal bool Set(bool isSuspect, out byte[][] held)
    {
        lock (_gate)
        {
            var isChange = _isSuspect != isSuspect;
            (_isSuspect, _hasProbed) = (isSuspect, _hasProbed && !isChange);
            held = isSuspect ? [] : _held.TakeAll();
            return isChange;
        }
    }

    /// <summary>Whether a packet may leave now; it counts as the probe of this second when it may, and is kept when it may not.</summary>
    internal bool TryPass(ReadOnlySpan<byte> packet)
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
                if (!SctpProbe.IsHeartbeat(packet))
                {
                    _held.Keep(packet);
                }

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
