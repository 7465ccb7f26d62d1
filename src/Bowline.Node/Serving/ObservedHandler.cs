using Bowline.Node.Services;
using Bowline.Tunnel;

namespace Bowline.Node.Serving;

/// <summary>Reports each exchange of a service after it ended, while somebody looks.</summary>
internal sealed class ObservedHandler(string service, ITunnelHandler inner, IExchangeObserver observer, TimeProvider time) : ITunnelHandler
{
    public Task HandleAsync(TunnelExchange exchange) => observer.IsWatching ? ObserveAsync(exchange) : inner.HandleAsync(exchange);

    private async Task ObserveAsync(TunnelExchange exchange)
    {
        var at = time.GetUtcNow();
        var started = time.GetTimestamp();
        var status = 0;
        try
        {
            await inner.HandleAsync(exchange);
            status = exchange.StatusCode;
        }
        finally
        {
            observer.Seen(new ExchangeRecord(
                at,
                service,
                exchange.Method,
                exchange.Path,
                status,
                time.GetElapsedTime(started).TotalMilliseconds,
                exchange.RequestLength,
                exchange.ResponseLength,
                exchange.Caller.ToString()));
        }
    }
}
