using System.Buffers;
using System.Net;
using System.Net.Security;
using Microsoft.Extensions.Logging;

namespace Bowline.Tunnel;

/// <summary>
/// Forwards exchanges to a local HTTP service, streaming both ways; WebSocket and other upgrades pass through. What goes wrong between
/// here and the service is a 502 with a problem type of its own.
/// </summary>
public sealed class ForwardHandler : ITunnelHandler, IDisposable
{
    private const int CopyBuffer = 64 * 1024;
    private static readonly UriCreationOptions KeepPath = new() { DangerousDisablePathAndQueryCanonicalization = true };
    private readonly Uri _target;
    private readonly ForwardOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly HttpMessageInvoker _invoker;

    /// <summary>Forwards to scheme, host and port of the target; its path, if any, is put in front of every request's.</summary>
    public ForwardHandler(Uri target, ForwardOptions options, TimeProvider timeProvider, ILoggerFactory loggerFactory)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(timeProvider);
        ArgumentNullException.ThrowIfNull(loggerFactory);
        if (!target.IsAbsoluteUri || target.Scheme is not ("http" or "https"))
        {
            throw new ArgumentException("The target must be an http or https address.", nameof(target));
        }

        _target = target;
        _options = options;
        _time = timeProvider;
        _logger = loggerFactory.CreateLogger<ForwardHandler>();
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = null,
            ConnectTimeout = options.ConnectTimeout,
            MaxConnectionsPerServer = int.MaxValue,
        };
        if (options.AllowAnyCertificate)
        {
            handler.SslOptions.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
        }

        _invoker = new(handler);
    }

    /// <inheritdoc/>
    public async Task HandleAsync(TunnelExchange exchange)
    {
        ArgumentNullException.ThrowIfNull(exchange);
        var started = _time.GetTimestamp();
        var copied = new Copied();
        string? error = null;
        try
        {
            await ForwardAsync(exchange, copied).ConfigureAwait(false);
        }
        catch (Exception e) when (e is HttpRequestException or IOException && e is not TunnelException && !exchange.Aborted.IsCancellationRequested)
        {
            error = Classify(e);
            TunnelLog.ForwardFailed(_logger, _target.ToString(), error, e);
            await AnswerAsync(exchange, error).ConfigureAwait(false);
        }
        finally
        {
            _options.Inspect?.Invoke(new(exchange.Caller, exchange.Method, exchange.Path, exchange.StatusCode, copied.Request, copied.Response, _time.GetElapsedTime(started), error));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _invoker.Dispose();

    private sealed class Copied
    {
        public long Request { get; set; }

        public long Response { get; set; }
    }

    private async Task ForwardAsync(TunnelExchange exchange, Copied copied)
    {
        using var request = new HttpRequestMessage(new HttpMethod(exchange.Method), TargetOf(exchange.Path)) { Version = HttpVersion.Version11 };
        ForwardContent? content = null;
        if (exchange.UpgradeProtocol.Length == 0 && (exchange.RequestLength != 0 || exchange.Method is "POST" or "PUT" or "PATCH"))
        {
            request.Content = content = new(exchange);
        }

        ForwardHeaders.CopyRequest(exchange, request);
        using var response = await _invoker.SendAsync(request, exchange.Aborted).ConfigureAwait(false);
        ForwardHeaders.CopyResponse(response, exchange);
        if (response.StatusCode == HttpStatusCode.SwitchingProtocols)
        {
            await PassThroughAsync(exchange, response).ConfigureAwait(false);
            return;
        }

        copied.Response = await CopyBodyAsync(exchange, response).ConfigureAwait(false);
        copied.Request = content?.Copied ?? 0;
        ForwardHeaders.CopyTrailers(response, exchange);
    }

    private Uri TargetOf(string path)
    {
        var prefix = _target.AbsolutePath.TrimEnd('/');
        return new Uri(_target.GetLeftPart(UriPartial.Authority) + prefix + (path == "*" ? "/" : path), KeepPath);
    }

    private static async Task<long> CopyBodyAsync(TunnelExchange exchange, HttpResponseMessage response)
    {
        var body = await response.Content.ReadAsStreamAsync(exchange.Aborted).ConfigureAwait(false);
        var buffer = ArrayPool<byte>.Shared.Rent(CopyBuffer);
        long total = 0;
        try
        {
            while (true)
            {
                var read = body.ReadAsync(buffer, exchange.Aborted);
                if (!read.IsCompleted && !exchange.HasStarted)
                {
                    // A stream of events may be silent for a while; its head should not wait for the first of them.
                    await exchange.StartAsync(exchange.Aborted).ConfigureAwait(false);
                }

                var count = await read.ConfigureAwait(false);
                if (count == 0)
                {
                    return total;
                }

                total += count;
                await exchange.ResponseBody.WriteAsync(buffer.AsMemory(0, count), exchange.Aborted).ConfigureAwait(false);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static async Task PassThroughAsync(TunnelExchange exchange, HttpResponseMessage response)
    {
        var tunnel = await exchange.UpgradeAsync(exchange.Aborted).ConfigureAwait(false);
        var upstream = await response.Content.ReadAsStreamAsync(exchange.Aborted).ConfigureAwait(false);
        await using (tunnel.ConfigureAwait(false))
        {
            var up = tunnel.CopyToAsync(upstream, CopyBuffer, exchange.Aborted);
            var down = upstream.CopyToAsync(tunnel, CopyBuffer, exchange.Aborted);
            // The service closing ends the exchange; the caller closing is passed on by closing towards the service.
            if (await Task.WhenAny(up, down).ConfigureAwait(false) == up)
            {
                await up.ConfigureAwait(false);
                await upstream.DisposeAsync().ConfigureAwait(false);
            }
            else
            {
                await down.ConfigureAwait(false);
            }
        }
    }

    private static async Task AnswerAsync(TunnelExchange exchange, string error)
    {
        if (exchange.HasStarted || !exchange.TryTakeResponse())
        {
            exchange.Abort();
            return;
        }

        await exchange.AnswerProblemAsync((int)HttpStatusCode.BadGateway, error, Describe(error)).ConfigureAwait(false);
    }

    private static string Classify(Exception e) => e switch
    {
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => "upstream_certificate",
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => "upstream_unknown_host",
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError, InnerException: System.Net.Sockets.SocketException { SocketErrorCode: System.Net.Sockets.SocketError.ConnectionRefused } } => "upstream_refused",
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } => "upstream_unreachable",
        HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse } => "upstream_invalid",
        _ => "upstream_reset",
    };

    private static string Describe(string error) => error switch
    {
        "upstream_certificate" => "The certificate of the local service was not accepted.",
        "upstream_unknown_host" => "The host of the local service is unknown.",
        "upstream_refused" => "Nothing listens at the address of the local service.",
        "upstream_unreachable" => "The local service cannot be reached.",
        "upstream_invalid" => "The local service did not answer with HTTP.",
        _ => "The local service closed the connection before its answer was complete.",
    };
}
