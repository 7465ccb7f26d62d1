using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.ObjectPool;

namespace Bowline.Tunnel;

/// <summary>Serves exchanges with an ASP.NET Core application, in this process and without a port.</summary>
/// <typeparam name="TContext">The application's context.</typeparam>
public sealed class TunnelAppHandler<TContext> : ITunnelHandler
    where TContext : notnull
{
    private readonly IHttpApplication<TContext> _application;
    private readonly ILogger _logger;
    private readonly DefaultObjectPool<TunnelAppContext<TContext>> _pool;

    /// <summary>A handler that runs the application once per exchange.</summary>
    public TunnelAppHandler(IHttpApplication<TContext> application, TunnelAppOptions? options = null, ILoggerFactory? loggers = null)
    {
        ArgumentNullException.ThrowIfNull(application);
        options ??= new();
        _application = application;
        _logger = (loggers ?? NullLoggerFactory.Instance).CreateLogger<TunnelAppHandler<TContext>>();
        _pool = new(new TunnelAppContextPolicy<TContext>(options), Math.Max(1, options.MaxPooledRequests));
    }

    /// <inheritdoc/>
    public async Task HandleAsync(TunnelExchange exchange)
    {
        ArgumentNullException.ThrowIfNull(exchange);
        var context = _pool.Get();
        Exception? failure = null;
        if (!context.TryBegin(exchange))
        {
            ProblemWriter.Write(context, StatusCodes.Status400BadRequest, TunnelErrors.Code(TunnelError.RequestInvalid), TunnelErrors.Describe(TunnelError.RequestInvalid));
            await context.EndAsync().ConfigureAwait(false);
            return;
        }

        var made = default(TContext);
        try
        {
            made = _application.CreateContext(context);
            var running = _application.ProcessRequestAsync(made);
            if (!running.IsCompleted)
            {
                context.GoEager();
            }

            await running.ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            failure = exception;
        }

        if (failure is not null)
        {
            Fail(context, exchange, failure);
        }

        try
        {
            await context.EndAsync().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            failure ??= exception;
            Fail(context, exchange, exception);
            await context.EndAsync().ConfigureAwait(false);
        }

        await context.CompletedAsync(_logger).ConfigureAwait(false);
        if (made is not null)
        {
            _application.DisposeContext(made, failure);
        }

        if (context.TryReset(failure is null))
        {
            _pool.Return(context);
        }
    }

    private void Fail(TunnelAppContext<TContext> context, TunnelExchange exchange, Exception failure)
    {
        if (exchange.Aborted.IsCancellationRequested)
        {
            TunnelAppLog.CallerGone(_logger, exchange.TraceId, failure.GetType().Name);
            context.Cut();
        }
        else if (!context.CanReplace)
        {
            TunnelAppLog.FailedMidway(_logger, exchange.TraceId, failure);
            context.Cut();
        }
        else if (failure is BadHttpRequestException bad)
        {
            TunnelAppLog.BadRequest(_logger, exchange.TraceId, failure.Message);
            ProblemWriter.Write(context, bad.StatusCode, bad.StatusCode == StatusCodes.Status413PayloadTooLarge ? "request_body_too_large" : "request_invalid", "The request was refused.");
        }
        else
        {
            TunnelAppLog.Failed(_logger, exchange.TraceId, failure);
            ProblemWriter.Write(context, StatusCodes.Status500InternalServerError, "unhandled_exception", "The service failed.");
        }
    }
}
