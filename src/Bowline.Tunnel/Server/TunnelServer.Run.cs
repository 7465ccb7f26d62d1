using System.Diagnostics;
using System.Globalization;

namespace Bowline.Tunnel;

public sealed partial class TunnelServer
{
    /// <summary>Runs one exchange on the pool, from admission to the last byte. Never throws.</summary>
    internal async Task RunAsync(ServerStream stream)
    {
        var exchange = new ServerExchange(stream, _context);
        stream.Exchange = exchange;
        if (stream.Verdict == HeadVerdict.Ok && IsExpired(stream, _context.Clock.Now))
        {
            // The process was frozen or starved between the read loop and here.
            Expire(stream);
            return;
        }

        if (Admit(stream) is { } refusal)
        {
            await RefuseAsync(exchange, refusal).ConfigureAwait(false);
            return;
        }

        var limited = stream.Request.Service != TunnelTarget.NodeService;
        if (Interlocked.Increment(ref _running) > _options.MaxConcurrentExchanges && limited)
        {
            _ = Interlocked.Decrement(ref _running);
            exchange.ResponseHeaders.Add("Retry-After", Math.Ceiling(_options.RetryAfter.TotalSeconds).ToString(CultureInfo.InvariantCulture));
            await RefuseAsync(exchange, (503, "busy", "The node runs as many exchanges as it may.")).ConfigureAwait(false);
            return;
        }

        // The key comes last: a request that was refused did not start, and may come again with it.
        if (EnterKey(stream) is { } repeated)
        {
            _ = Interlocked.Decrement(ref _running);
            await RefuseAsync(exchange, repeated).ConfigureAwait(false);
            return;
        }

        try
        {
            await HandleAsync(stream, exchange).ConfigureAwait(false);
        }
        finally
        {
            _ = Interlocked.Decrement(ref _running);
            TunnelTelemetry.ServerDone(_context.Clock.Now - stream.StartedAt, stream.Request, exchange.StatusCode);
        }
    }

    private async Task HandleAsync(ServerStream stream, ServerExchange exchange)
    {
        using var activity = TunnelTelemetry.StartServer(stream.Request);
        try
        {
            await exchange.Handler!.HandleAsync(exchange).ConfigureAwait(false);
            await exchange.CompleteAsync().ConfigureAwait(false);
        }
        catch (Exception) when (!stream.IsOpen)
        {
            // The caller has gone or the deadline has passed; what the handler says about it is of no use.
        }
        catch (Exception e)
        {
            var traceId = Activity.Current?.TraceId.ToHexString() ?? exchange.TraceId;
            TunnelLog.HandlerFailed(_context.Logger, stream.Request.Service, traceId, e);
            await exchange.FailAsync(traceId).ConfigureAwait(false);
        }
        finally
        {
            TunnelTelemetry.ServerAnswered(activity, exchange.StatusCode);
        }
    }

    /// <summary>Null when the exchange may run, or what to answer instead.</summary>
    private (int Status, string Code, string Title)? Admit(ServerStream stream)
    {
        if (stream.Verdict == HeadVerdict.TooLarge)
        {
            return (431, "request_head_too_large", "The request head is over the limit of 64 KiB.");
        }

        if (stream.Verdict != HeadVerdict.Ok)
        {
            return (400, "request_invalid", "The request head cannot be understood.");
        }

        var head = stream.Request;
        var caller = new TunnelCaller(head.CallerKind, head.CallerId);
        if (Services.Find(head.Service) is not { } entry)
        {
            return (404, "service_unknown", "The node has no service of this name.");
        }

        var allowed = head.Service == TunnelTarget.NodeService
            ? caller.Kind == TunnelCaller.HubKind && _options.HubId() is { } hub && hub == caller.Id
            : entry.Access.Allows(caller, _options.OwnerAccountId());
        if (!allowed)
        {
            return (403, "service_forbidden", "The node does not grant this caller the service.");
        }

        stream.Exchange!.Admit(entry.Handler, caller);
        return null;
    }

    /// <summary>Null when the request has no key or a new one. Without room to remember the key, the request must not start.</summary>
    private (int Status, string Code, string Title)? EnterKey(ServerStream stream)
    {
        var head = stream.Request;
        if (!head.Headers.TryGet("Idempotency-Key", out var key))
        {
            return null;
        }

        try
        {
            return _keys.TryEnter(FileIdempotencyKeys.Hash($"{new TunnelCaller(head.CallerKind, head.CallerId)}\n{head.Service}\n{key}"))
                ? null
                : (409, "already_started", "A request with this idempotency key was started before.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            TunnelLog.HandlerFailed(_context.Logger, head.Service, stream.Exchange!.TraceId, e);
            return (503, "keys_unavailable", "The node cannot remember the idempotency key, so it did not start the request.");
        }
    }

    private static async Task RefuseAsync(ServerExchange exchange, (int Status, string Code, string Title) refusal)
    {
        TunnelTelemetry.Refused(refusal.Code);
        if (exchange.TryTakeResponse())
        {
            await exchange.AnswerProblemAsync(refusal.Status, refusal.Code, refusal.Title).ConfigureAwait(false);
        }
    }
}
