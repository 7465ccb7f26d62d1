using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Bowline.Tunnel;

internal sealed partial class TunnelFeatures : IHttpResponseFeature, IHttpResponseBodyFeature, IHttpResponseTrailersFeature
{
    private List<(Func<object, Task> Callback, object State)>? _starting;
    private List<(Func<object, Task> Callback, object State)>? _completed;
    private IHeaderDictionary _responseHeaders = new HeaderDictionary();
    private IHeaderDictionary _responseTrailers = new HeaderDictionary();

    public int StatusCode { get; set; } = StatusCodes.Status200OK;

    public string? ReasonPhrase { get; set; }

    IHeaderDictionary IHttpResponseFeature.Headers
    {
        get => _responseHeaders;
        set => _responseHeaders = value;
    }

    Stream IHttpResponseFeature.Body
    {
        get => _exchange.ResponseBody;
        set => throw new NotSupportedException("Replace IHttpResponseBodyFeature instead.");
    }

    public bool HasStarted => _exchange.HasStarted;

    Stream IHttpResponseBodyFeature.Stream => _exchange.ResponseBody;

    PipeWriter IHttpResponseBodyFeature.Writer => _exchange.ResponseWriter;

    IHeaderDictionary IHttpResponseTrailersFeature.Trailers
    {
        get => _responseTrailers;
        set => _responseTrailers = value;
    }

    public void OnStarting(Func<object, Task> callback, object state)
    {
        if (HasStarted)
        {
            throw new InvalidOperationException("The response has started.");
        }

        (_starting ??= []).Add((callback, state));
    }

    public void OnCompleted(Func<object, Task> callback, object state) => (_completed ??= []).Add((callback, state));

    public void DisableBuffering()
    {
    }

    public Task StartAsync(CancellationToken cancellationToken = default) => _exchange.StartAsync(cancellationToken).AsTask();

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) =>
        SendFileFallback.SendFileAsync(_exchange.ResponseBody, path, offset, count, cancellationToken);

    public Task CompleteAsync()
    {
        CopyTrailers();
        return _exchange.CompleteResponseAsync();
    }

    /// <summary>The app is done with the response; its trailers are final.</summary>
    public void CopyTrailers()
    {
        foreach (var (name, values) in _responseTrailers)
        {
            foreach (var value in values)
            {
                _exchange.ResponseTrailers.Add(name, value ?? "");
            }
        }

        _responseTrailers = new HeaderDictionary();
    }

    public async Task FireCompletedAsync()
    {
        for (var i = (_completed?.Count ?? 0) - 1; i >= 0; i--)
        {
            await _completed![i].Callback(_completed[i].State).ConfigureAwait(false);
        }
    }

    private async Task FireStartingAsync()
    {
        // Last registered first, as every ASP.NET Core server does; a callback may register another.
        while (_starting is { Count: > 0 })
        {
            var (callback, state) = _starting[^1];
            _starting.RemoveAt(_starting.Count - 1);
            await callback(state).ConfigureAwait(false);
        }

        _exchange.StatusCode = StatusCode;
        _exchange.ResponseLength = StatusCode == StatusCodes.Status101SwitchingProtocols ? -1 : _responseHeaders.ContentLength ?? -1;
        foreach (var (name, values) in _responseHeaders)
        {
            foreach (var value in values)
            {
                _exchange.ResponseHeaders.Add(name, value ?? "");
            }
        }

        if (_responseHeaders is HeaderDictionary headers)
        {
            headers.IsReadOnly = true;
        }
    }
}
