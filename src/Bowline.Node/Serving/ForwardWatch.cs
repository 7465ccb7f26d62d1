using Bowline.Node.Services;
using Bowline.Tunnel;

namespace Bowline.Node.Serving;

/// <summary>Hands what a forwarder saw to whoever inspects the service.</summary>
internal sealed class ForwardWatch(string service, IExchangeObserver observer, TimeProvider time)
{
    public void Report(ForwardRecord record)
    {
        if (observer.IsWatching)
        {
            observer.Seen(new ExchangeRecord(
                time.GetUtcNow() - record.Duration,
                service,
                record.Method,
                record.Path,
                record.StatusCode,
                record.Duration.TotalMilliseconds,
                record.RequestBytes,
                record.ResponseBytes,
                record.Caller.ToString(),
                record.Error));
        }
    }
}
