using Microsoft.Extensions.Logging;

namespace Bowline.Tunnel;

/// <summary>What every stream of one client or server shares.</summary>
internal sealed class TunnelContext(MonotonicClock clock, ILogger logger, TunnelLimits limits)
{
    public MonotonicClock Clock => clock;

    public ILogger Logger => logger;

    public TunnelLimits Limits => limits;

    public long StreamWindow => limits.StreamWindow;

    public long MaxStreamWindow => limits.MaxStreamWindow;

    /// <summary>Body bytes in one frame; half of them while short exchanges, which wait for one of these, run beside it.</summary>
    public int MaxData(ITunnelCarrier carrier, bool shared) =>
        Math.Min(shared ? limits.MaxFrameBody / 2 : limits.MaxFrameBody, carrier.MaxFrame - FrameHeader.Size);
}
