using System.Net;
using System.Net.Sockets;

namespace Bowline.Tunnel;

/// <summary>One exchange on its way through a <see cref="ForwardHandler"/>.</summary>
internal sealed class ForwardRun : IDisposable
{
    private const int SmallestStatus = 200;
    private const int LargestStatus = 599;

    private readonly ForwardHandler _handler;
    private readonly TunnelExchange _exchange;
    private readonly CancellationTokenSource _cut;
    private readonly ITimer _headTimer;
    private readonly BodyCount _sent;
    private readonly BodyCount _received = new();
    private readonly long _began;
    private volatile bool _headLate;
    private int _status;
    private ForwardError _error;
    private Socket? _socket;

    public ForwardRun(ForwardHandler handler, TunnelExchange exchange)
    {
        _handler = handler;
        _exchange = exchange;
        _began = handler.Time.GetTimestamp();
        _cut = CancellationTokenSource.CreateLinkedTokenSource(exchange.Aborted);
        _headTimer = handler.Time.CreateTimer(static state => ((ForwardRun)state!).HeadIsLate(), this, handler.Options.HeadTimeout, Timeout.InfiniteTimeSpan);
        _sent = new(() => _headTimer.Change(_handler.Options.HeadTimeout, Timeout.InfiniteTimeSpan));
    }

    public void Connected(Socket socket) => _socket = socket;

    public ForwardRecord Record() => new(
        _exchange.Method, _exchange.Path, _exchange.Caller, _status, _handler.Time.GetElapsedTime(_began), _sent.Total, _received.Total, _error);

    public async Task RunAsync(HttpMessageInvoker client)
    {
        using var request = Build();
        if (request is null)
        {
            await RefuseAsync(ForwardError.RequestInvalid, null).ConfigureAwait(false);
            return;
        }

        HttpResponseMessage response;
        try
        {
            response = await client.SendAsync(request, _cut.Token).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            var error = _exchange.Aborted.IsCancellationRequested ? ForwardError.CallerGone : _headLate ? ForwardError.HeadTimeout : ForwardErrors.Classify(exception);
            await RefuseAsync(error, exception).ConfigureAwait(false);
            return;
        }

        using (response)
        {
            _ = _headTimer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            await RelayAsync(response).ConfigureAwait(false);
        }
    }

    public void Dispose()
    {
        _headTimer.Dispose();
        _cut.Dispose();
    }

    private HttpRequestMessage? Build()
    {
        if (_handler.Target.At(_exchange.Path) is not { } uri || !HeadRules.IsToken(_exchange.Method) || _exchange.Method == "CONNECT")
        {
            return null;
        }

        var upgrade = _exchange.Upgrade.Length > 0;
        var version = _handler.Options.Http2 && !upgrade ? HttpVersion.Version20 : HttpVersion.Version11;
        var request = new HttpRequestMessage(new HttpMethod(_exchange.Method), uri) { Version = version, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        request.Content = _exchange.RequestContentLength == 0 || upgrade ? null : new ForwardContent(_exchange, _sent);
        if (!ForwardHeaders.TryWrite(_exchange, _handler.Options, request) || (upgrade && request.Content is not null))
        {
            request.Dispose();
            return null;
        }

        if (upgrade)
        {
            _ = request.Headers.TryAddWithoutValidation("Connection", "Upgrade");
            _ = request.Headers.TryAddWithoutValidation("Upgrade", _exchange.Upgrade);
        }

        // The body is then asked for only when the service wants it, or after the timeout.
        request.Headers.ExpectContinue = request.Content is ForwardContent && _exchange.RequestHeaders.TryGet("Expect", out var expect)
            && expect.Equals("100-continue", StringComparison.OrdinalIgnoreCase) ? true : null;
        return request;
    }

    private async Task RelayAsync(HttpResponseMessage response)
    {
        var switched = response.StatusCode == HttpStatusCode.SwitchingProtocols;
        if (switched && (_exchange.Upgrade.Length == 0 || !response.Headers.Upgrade.Any(protocol => protocol.ToString().Equals(_exchange.Upgrade, StringComparison.OrdinalIgnoreCase))))
        {
            await RefuseAsync(ForwardError.UpgradeInvalid, null).ConfigureAwait(false);
            return;
        }

        if (!switched && !IsUsable(response))
        {
            await RefuseAsync(ForwardError.ResponseInvalid, null).ConfigureAwait(false);
            return;
        }

        try
        {
            var headers = new TunnelHeaders();
            ForwardHeaders.Read(response, headers);
            _status = (int)response.StatusCode;
            _exchange.StartResponse(_status, headers, LengthOf(response));
            var body = await response.Content.ReadAsStreamAsync(_cut.Token).ConfigureAwait(false);
            if (switched)
            {
                await DuplexAsync(body).ConfigureAwait(false);
            }
            else
            {
                await BodyCopy.RunAsync(body, _exchange.ResponseBody, _received, _cut.Token).ConfigureAwait(false);
                ForwardHeaders.Read(response.TrailingHeaders.NonValidated, null, _exchange.ResponseTrailers);
            }
        }
        catch (Exception exception)
        {
            _error = _exchange.Aborted.IsCancellationRequested || exception is TunnelException ? ForwardError.CallerGone : ForwardError.ResponseBodyFailed;
            _handler.Failed(_exchange, _error, exception);
            _exchange.Abort();
        }
    }

    /// <summary>Both directions of an upgraded connection. The caller's end is passed on as a half-close; the service's end is the end.</summary>
    private async Task DuplexAsync(Stream service)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(_cut.Token);
        var up = UpAsync(service, stop.Token);
        var down = BodyCopy.RunAsync(service, _exchange.ResponseBody, _received, stop.Token);
        try
        {
            var first = await Task.WhenAny(up, down).ConfigureAwait(false);
            await first.ConfigureAwait(false);
            await down.ConfigureAwait(false);
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await service.DisposeAsync().ConfigureAwait(false);
            await Task.WhenAll(up, down).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task UpAsync(Stream service, CancellationToken cancellationToken)
    {
        await BodyCopy.RunAsync(_exchange.RequestBody, service, _sent, cancellationToken).ConfigureAwait(false);
        await service.FlushAsync(cancellationToken).ConfigureAwait(false);
        if (_handler.Target.IsTls || _socket is null)
        {
            // TLS has no half-close that services understand.
            await service.DisposeAsync().ConfigureAwait(false);
        }
        else
        {
            _socket.Shutdown(SocketShutdown.Send);
        }
    }

    /// <summary>RFC 9110 section 15 for the status; RFC 9112 section 6.3 for a length that is none, or two.</summary>
    private static bool IsUsable(HttpResponseMessage response) =>
        (int)response.StatusCode is >= SmallestStatus and <= LargestStatus
        && (!response.Content.Headers.NonValidated.TryGetValues("Content-Length", out var lengths) || (lengths.Count == 1 && response.Content.Headers.ContentLength is not null));

    /// <summary>What the caller is told: some services announce a length for a 204, which has none, or beside chunks, which overrule it.</summary>
    private long LengthOf(HttpResponseMessage response) => _status switch
    {
        101 => -1,
        204 => 0,
        _ when response.Headers.TransferEncodingChunked == true => HasNoBody() ? 0 : -1,
        _ => response.Content.Headers.ContentLength ?? (HasNoBody() ? 0 : -1),
    };

    private bool HasNoBody() => _exchange.Method == "HEAD" || _status is 204 or 304;

    private async Task RefuseAsync(ForwardError error, Exception? exception)
    {
        _error = error;
        _handler.Failed(_exchange, error, exception);
        if (error == ForwardError.CallerGone)
        {
            return;
        }

        var problem = new TunnelProblem(ForwardErrors.TypePrefix + ForwardErrors.Code(error), ForwardErrors.Describe(error), ForwardErrors.StatusCode(error), _exchange.TraceId);
        var json = problem.ToJson();
        _status = problem.Status;
        try
        {
            _exchange.StartResponse(problem.Status, new TunnelHeaders { { "Content-Type", TunnelProblem.ContentType } }, json.Length);
            if (!HasNoBody())
            {
                await _exchange.ResponseBody.WriteAsync(json, _exchange.Aborted).ConfigureAwait(false);
            }
        }
        catch (Exception gone) when (gone is TunnelException or OperationCanceledException)
        {
            _error = ForwardError.CallerGone;
        }
    }

    private void HeadIsLate()
    {
        _headLate = true;
        try
        {
            _cut.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The exchange ended while the timer fired.
        }
    }
}
