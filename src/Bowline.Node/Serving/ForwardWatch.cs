using Bowline.Node.Services;
using Bowline.Tunnel;

namespace Bowline.Node.Serving;

/// <summary>Hands what a forwarder saw to whoever inspects the service.</summary>
internal sealed class ForwardWatch(string service, IExchangeObserver observer, TimeProvider time) : IForwardObserver
{
    public void OnForwarded(in ForwardRecord record)
    {
        Telemetry.Forwarded(service, record.Error);
        if (observer.IsWatching)
        {
            observer.Seen(new ExchangeRecord(
                time.GetUtcNow() - record.Duration,
                service,
                record.Method,
                record.Path,
                record.Status,
                record.Duration.TotalMilliseconds,
                record.RequestBytes,
                record.ResponseBytes,
                record.Caller.ToString(),
                record.Error == ForwardError.None ? null : record.Error.ToString()));
        }
    }
}
