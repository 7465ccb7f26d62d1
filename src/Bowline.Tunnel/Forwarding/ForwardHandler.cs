using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bowline.Tunnel;

/// <summary>
/// Serves exchanges by asking an HTTP or WebSocket service on this machine or its network. Bodies stream both ways as they come; a
/// failure before the response head is a problem detail of type <c>urn:bowline:forward:&lt;code&gt;</c> (<see cref="ForwardErrors"/>),
/// a later one aborts the exchange. Towards the service it speaks HTTP/1.1: a service that answers while it still reads the request is
/// heard when the request has been sent; if its answer is too large for that, the exchange ends with <see cref="ForwardError.EarlyAnswer"/>.
/// With <see cref="ForwardOptions.Http2"/> both directions flow at once. Request trailers are not passed on.
/// </summary>
public sealed class ForwardHandler : ITunnelHandler, IDisposable
{
    private readonly HttpMessageInvoker _client;
    private readonly ILogger _logger;

    /// <summary>A handler that forwards to a service.</summary>
    /// <param name="target">An absolute http or https address; a path in it goes before the caller's.</param>
    /// <param name="options">Null takes the defaults.</param>
    /// <param name="time">Null takes the system's.</param>
    /// <param name="loggers">Null logs nothing.</param>
    public ForwardHandler(Uri target, ForwardOptions? options = null, TimeProvider? time = null, ILoggerFactory? loggers = null)
    {
        Options = options ?? new();
        Options.Validate();
        Target = new(target);
        Time = time ?? TimeProvider.System;
        _logger = (loggers ?? NullLoggerFactory.Instance).CreateLogger<ForwardHandler>();
        _client = new(ForwardClient.Shared(Options, Target.IsTls, Time));
    }

    internal ForwardTarget Target { get; }

    internal ForwardOptions Options { get; }

    internal TimeProvider Time { get; }

    /// <inheritdoc/>
    public async Task HandleAsync(TunnelExchange exchange)
    {
        ArgumentNullException.ThrowIfNull(exchange);
        using var run = new ForwardRun(this, exchange);
        if (exchange.Upgrade.Length == 0)
        {
            await run.RunAsync(_client).ConfigureAwait(false);
        }
        else
        {
            using var single = new HttpMessageInvoker(ForwardClient.Single(Options, run.Connected));
            await run.RunAsync(single).ConfigureAwait(false);
        }

        Report(run.Record());
    }

    /// <summary>Closes the connections to the service.</summary>
    public void Dispose() => _client.Dispose();

    internal void Failed(TunnelExchange exchange, ForwardError error, Exception? exception)
    {
        TunnelTelemetry.ForwardFailed(error);
        ForwardLog.Failed(_logger, exchange.Service, exchange.TraceId, error, exception);
    }

    private void Report(ForwardRecord record)
    {
        try
        {
            Options.Observer?.OnForwarded(record);
        }
        catch (Exception exception)
        {
            ForwardLog.ObserverFailed(_logger, exception);
        }
    }
}
