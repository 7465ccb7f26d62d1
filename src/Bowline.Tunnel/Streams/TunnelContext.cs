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

    public int MaxData(ITunnelCarrier carrier) => Math.Min(limits.MaxFrameBody, carrier.MaxFrame - FrameHeader.Size);
}
