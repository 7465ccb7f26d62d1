using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Bowline.Tunnel;

/// <content>The response's head, its callbacks and its end.</content>
internal abstract partial class TunnelAppContext : IHttpResponseFeature, IHttpResponseTrailersFeature, IHttpUpgradeFeature
{
    private readonly TunnelHeaders _headOut = [];
    private readonly HeaderMap _trailers = new();
    private readonly Stack<(Func<object, Task> Callback, object State)> _onStarting = new();
    private readonly Stack<(Func<object, Task> Callback, object State)> _onCompleted = new();
    private int _status;
    private bool _started;
    private bool _handed;
    private bool _completed;
    private bool _upgraded;
    private volatile bool _cut;

    public HeaderMap ResponseHeaders { get; } = new();

    public TunnelResponseWriter Writer { get; }

    public bool HasStarted => _started;

    /// <summary>True while nothing of the response has gone to the exchange, so another can take its place.</summary>
    public bool CanReplace => !_handed;

    public int StatusCode
    {
        get => _status;
        set
        {
            if (_started)
            {
                throw new InvalidOperationException("The status cannot change: the response has begun.");
            }

            _status = value is >= 100 and <= 999 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "A status has three digits.");
        }
    }

    string? IHttpResponseFeature.ReasonPhrase { get; set; }

    IHeaderDictionary IHttpResponseFeature.Headers
    {
        get => ResponseHeaders;
        set => throw new NotSupportedException("The response's header dictionary cannot be replaced.");
    }

    Stream IHttpResponseFeature.Body
    {
        get => _responseStream;
        set => throw new NotSupportedException("Replace the response body through IHttpResponseBodyFeature.");
    }

    IHeaderDictionary IHttpResponseTrailersFeature.Trailers
    {
        get => _trailers;
        set => throw new NotSupportedException("The response's trailers cannot be replaced.");
    }

    bool IHttpUpgradeFeature.IsUpgradableRequest => Exchange.Upgrade.Length > 0 && !_upgraded;

    private bool IsHead => Exchange.Method == "HEAD";

    private bool HasNoBody => _status is < 200 or 204 or 205 or 304;

    void IHttpResponseFeature.OnStarting(Func<object, Task> callback, object state)
    {
        if (_started)
        {
            throw new InvalidOperationException("OnStarting cannot be set: the response has begun.");
        }

        _onStarting.Push((callback, state));
    }

    void IHttpResponseFeature.OnCompleted(Func<object, Task> callback, object state) => _onCompleted.Push((callback, state));

    async Task<Stream> IHttpUpgradeFeature.UpgradeAsync()
    {
        if (!((IHttpUpgradeFeature)this).IsUpgradableRequest || _started)
        {
            throw new InvalidOperationException("The request cannot be upgraded (any more).");
        }

        StatusCode = StatusCodes.Status101SwitchingProtocols;
        await StartAsync(CancellationToken.None).ConfigureAwait(false);
        _upgraded = true;
        HandOver(-1);
        await Exchange.ResponseBody.FlushAsync(CancellationToken.None).ConfigureAwait(false);
        return new TunnelUpgradeStream(Exchange);
    }

    /// <summary>Runs the callbacks and freezes the head; it leaves with the body or the end.</summary>
    public Task StartAsync(CancellationToken cancellationToken = default)
    {
        if (_started)
        {
            return Task.CompletedTask;
        }

        return _onStarting.Count == 0 ? Begun() : RunCallbacksAsync();

        async Task RunCallbacksAsync()
        {
            while (_onStarting.TryPop(out var entry))
            {
                await entry.Callback(entry.State).ConfigureAwait(false);
            }

            await Begun().ConfigureAwait(false);
        }

        Task Begun()
        {
            _started = true;
            ResponseHeaders.Freeze();
            return Task.CompletedTask;
        }
    }

    /// <summary>Sends what is left, then the end leaves with the handler's task.</summary>
    public async ValueTask EndAsync()
    {
        if (_cut || _upgraded)
        {
            return;
        }

        await StartAsync(CancellationToken.None).ConfigureAwait(false);
        await PushAsync(atEnd: true, CancellationToken.None).ConfigureAwait(false);
        _trailers.CopyTo(Exchange.ResponseTrailers, except: null);
    }

    public async ValueTask CompletedAsync(ILogger logger)
    {
        while (_onCompleted.TryPop(out var entry))
        {
            try
            {
                await entry.Callback(entry.State).ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                TunnelAppLog.CompletedCallbackFailed(logger, exception);
            }
        }
    }

    /// <summary>The exchange ends without a proper end.</summary>
    public void Cut()
    {
        _cut = true;
        Exchange.Abort();
    }

    /// <summary>Forgets a response that has not begun.</summary>
    public void ClearResponse()
    {
        _onStarting.Clear();
        ResponseHeaders.Reset();
        _trailers.Reset();
        Writer.Discard(reusable: false);
        _started = false;
        _hasPutOff = false;
        _putOff = default;
        _written = 0;
        _status = StatusCodes.Status200OK;
    }

    public void ThrowIfResponseOver()
    {
        if (_completed || _upgraded)
        {
            throw new InvalidOperationException(_upgraded ? "The exchange was upgraded: write to its stream." : "The response was completed.");
        }
    }

    private void BeginResponse() => _status = StatusCodes.Status200OK;

    private void ResetResponse()
    {
        ResponseHeaders.Reset();
        _trailers.Reset();
        _headOut.Clear();
        _onStarting.Clear();
        _onCompleted.Clear();
        ((IHttpResponseFeature)this).ReasonPhrase = null;
        _started = false;
        _handed = false;
        _completed = false;
        _written = 0;
        _eager = false;
        _hasPutOff = false;
        _putOff = default;
        _pushing = null;
    }

    /// <summary>Gives the head to the exchange, once.</summary>
    private void HandOver(long knownLength)
    {
        if (_handed)
        {
            return;
        }

        _handed = true;
        ResponseHeaders.CopyTo(_headOut, except: "Content-Length");
        var length = ResponseHeaders.ContentLength ?? (_status == StatusCodes.Status101SwitchingProtocols || IsHead ? -1 : HasNoBody ? 0 : knownLength);
        Exchange.StartResponse(_status, _headOut, length);
    }
}
