using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Bowline.Tunnel;

/// <summary>
/// An ASP.NET Core server without a port. Before the app starts and after it stops, exchanges are answered 503; stopping waits for the
/// ones that run.
/// </summary>
internal sealed class TunnelAppServer(TunnelAppOptions options, TunnelServer? server, ILoggerFactory loggers) : IServer, ITunnelHandler
{
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile ITunnelHandler? _app;
    private int _running;
    private volatile bool _stopping;

    public IFeatureCollection Features { get; } = new FeatureCollection();

    public Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken)
        where TContext : notnull
    {
        _app = new TunnelAppHandler<TContext>(application, options, loggers);
        server?.Services.Map(options.Service, this, options.Access);
        return Task.CompletedTask;
    }

    public async Task HandleAsync(TunnelExchange exchange)
    {
        _ = Interlocked.Increment(ref _running);
        try
        {
            await (_app is { } app && !_stopping ? app.HandleAsync(exchange) : RefuseAsync(exchange)).ConfigureAwait(false);
        }
        finally
        {
            if (Interlocked.Decrement(ref _running) == 0 && _stopping)
            {
                _ = _drained.TrySetResult();
            }
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _ = server?.Services.Unmap(options.Service);
        _stopping = true;
        if (Volatile.Read(ref _running) > 0)
        {
            // What still runs when the host's patience ends goes on until its caller or the tunnel ends it.
            await _drained.Task.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public void Dispose()
    {
    }

    private static async Task RefuseAsync(TunnelExchange exchange)
    {
        var json = new TunnelProblem(ProblemWriter.TypePrefix + "not_running", "The service is starting or stopping.", 503, exchange.TraceId).ToJson();
        exchange.StartResponse(503, new TunnelHeaders { { "Content-Type", TunnelProblem.ContentType }, { "Retry-After", "1" } }, json.Length);
        await exchange.ResponseBody.WriteAsync(json, exchange.Aborted).ConfigureAwait(false);
    }
}
