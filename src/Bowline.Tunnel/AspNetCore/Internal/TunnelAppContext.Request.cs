using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Bowline.Tunnel;

/// <content>The request's side.</content>
internal abstract partial class TunnelAppContext : IHttpRequestFeature, IHttpRequestBodyDetectionFeature, IHttpRequestLifetimeFeature,
    IHttpRequestTrailersFeature, IHttpRequestIdentifierFeature, IHttpMaxRequestBodySizeFeature, IHttpConnectionFeature
{
    private readonly HeaderMap _requestHeaders = new();
    private readonly HeaderMap _requestTrailers = new();
    private readonly TunnelRequestStream _requestStream;
    private TunnelCaller? _lastCaller;
    private string _lastCallerText = "";
    private Stream? _body;
    private CancellationToken? _requestAborted;
    private string? _traceIdentifier;
    private long? _maxBody;

    public string TraceIdentifier
    {
        get => _traceIdentifier ?? Exchange.TraceId;
        set => _traceIdentifier = value;
    }

    public CancellationToken RequestAborted
    {
        get => _requestAborted ?? Exchange.Aborted;
        set => _requestAborted = value;
    }

    public long? MaxRequestBodySize
    {
        get => _maxBody;
        set
        {
            if (((IHttpMaxRequestBodySizeFeature)this).IsReadOnly)
            {
                throw new InvalidOperationException("The limit cannot change: the request body is being read.");
            }

            _maxBody = value;
        }
    }

    bool IHttpMaxRequestBodySizeFeature.IsReadOnly => _requestStream.HasBegun || _upgraded;

    bool IHttpRequestBodyDetectionFeature.CanHaveBody => Exchange.RequestContentLength != 0 && Exchange.Upgrade.Length == 0;

    bool IHttpRequestTrailersFeature.Available => _requestStream.AtEnd || Exchange.RequestContentLength == 0;

    IHeaderDictionary IHttpRequestTrailersFeature.Trailers
    {
        get
        {
            if (!((IHttpRequestTrailersFeature)this).Available)
            {
                throw new InvalidOperationException("The trailers come after the end of the request body.");
            }

            if (!_requestTrailers.IsReadOnly)
            {
                _requestTrailers.Fill(Exchange.RequestTrailers);
                _requestTrailers.Freeze();
            }

            return _requestTrailers;
        }
    }

    // Whole values of one hop that does not exist here: the tunnel has no address to show.
    string IHttpConnectionFeature.ConnectionId { get; set; } = "";

    IPAddress? IHttpConnectionFeature.RemoteIpAddress { get; set; }

    IPAddress? IHttpConnectionFeature.LocalIpAddress { get; set; }

    int IHttpConnectionFeature.RemotePort { get; set; }

    int IHttpConnectionFeature.LocalPort { get; set; }

    string IHttpRequestFeature.Protocol { get; set; } = "HTTP/1.1";

    string IHttpRequestFeature.Scheme { get; set; } = "http";

    string IHttpRequestFeature.Method { get; set; } = "";

    string IHttpRequestFeature.PathBase { get; set; } = "";

    string IHttpRequestFeature.Path { get; set; } = "";

    string IHttpRequestFeature.QueryString { get; set; } = "";

    string IHttpRequestFeature.RawTarget { get; set; } = "";

    IHeaderDictionary IHttpRequestFeature.Headers { get; set; } = new HeaderMap();

    Stream IHttpRequestFeature.Body
    {
        get => _body ?? _requestStream;
        set => _body = value;
    }

    void IHttpRequestLifetimeFeature.Abort() => Cut();

    private bool TryBeginRequest(TunnelExchange exchange)
    {
        IHttpRequestFeature request = this;
        request.Protocol = "HTTP/1.1";
        request.Scheme = _options.Scheme;
        request.Method = exchange.Method;
        request.PathBase = "";
        request.RawTarget = exchange.Path;
        request.Headers = _requestHeaders;
        _requestHeaders.Fill(exchange.RequestHeaders);
        if (_lastCaller is null || _lastCaller != exchange.Caller)
        {
            _lastCaller = exchange.Caller;
            _lastCallerText = exchange.Caller.ToString();
        }

        _requestHeaders[TunnelCaller.HeaderName] = _lastCallerText;
        if (exchange.Upgrade.Length > 0)
        {
            _requestHeaders["Connection"] = "Upgrade";
            _requestHeaders["Upgrade"] = exchange.Upgrade;
        }
        else if (exchange.RequestContentLength > 0)
        {
            _requestHeaders.ContentLength = exchange.RequestContentLength;
        }

        _requestStream.Begin(exchange);
        _maxBody = _options.MaxRequestBodySize;
        ((IHttpConnectionFeature)this).ConnectionId = exchange.Service;
        var ok = RequestTarget.TrySplit(exchange.Path, out var path, out var query);
        request.Path = path;
        request.QueryString = query;
        return ok;
    }

    private void ResetRequest()
    {
        _requestHeaders.Reset();
        _requestTrailers.Reset();
        _requestStream.End();
        _body = null;
        _requestAborted = null;
        _traceIdentifier = null;
    }
}
