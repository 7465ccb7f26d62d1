using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Bowline.Tunnel;

/// <summary>One exchange as ASP.NET Core's features; the response half is in TunnelFeatures.Response.cs.</summary>
internal sealed partial class TunnelFeatures : IHttpRequestFeature, IHttpRequestBodyDetectionFeature, IHttpRequestLifetimeFeature, IHttpRequestIdentifierFeature,
    IHttpRequestTrailersFeature, IHttpMaxRequestBodySizeFeature, IHttpUpgradeFeature, IHttpConnectionFeature
{
    private readonly TunnelExchange _exchange;
    private CancellationToken? _aborted;

    public TunnelFeatures(TunnelExchange exchange)
    {
        _exchange = exchange;
        exchange.Starting = FireStartingAsync;
        (Path, QueryString) = TunnelPath.Split(exchange.Path);
        Method = exchange.Method;
        RawTarget = exchange.Path;
        Body = exchange.RequestBody;
        foreach (var (name, value) in exchange.RequestHeaders)
        {
            Headers.Append(name, value);
        }

        if (exchange.RequestLength > 0 || (exchange.RequestLength == 0 && Method is "POST" or "PUT" or "PATCH"))
        {
            Headers.ContentLength = exchange.RequestLength;
        }

        if (exchange.UpgradeProtocol.Length > 0)
        {
            Headers.Connection = "Upgrade";
            Headers.Upgrade = exchange.UpgradeProtocol;
        }
    }

    public string Protocol { get; set; } = "HTTP/1.1";

    public string Scheme { get; set; } = "http";

    public string Method { get; set; }

    public string PathBase { get; set; } = "";

    public string Path { get; set; }

    public string QueryString { get; set; }

    public string RawTarget { get; set; }

    public IHeaderDictionary Headers { get; set; } = new HeaderDictionary();

    public Stream Body { get; set; }

    public bool CanHaveBody => _exchange.RequestLength != 0 && _exchange.UpgradeProtocol.Length == 0;

    public string TraceIdentifier
    {
        get => field ??= _exchange.TraceId;
        set;
    }

    public CancellationToken RequestAborted
    {
        get => _aborted ??= _exchange.Aborted;
        set => _aborted = value;
    }

    public bool IsReadOnly => _exchange.RequestBodyArrived;

    public long? MaxRequestBodySize { get; set; }

    public bool Available => _exchange.RequestBodyArrived;

    public IHeaderDictionary Trailers
    {
        get
        {
            var trailers = new HeaderDictionary();
            foreach (var (name, value) in _exchange.RequestTrailers ?? [])
            {
                trailers.Append(name, value);
            }

            return trailers;
        }

        set => throw new NotSupportedException();
    }

    public bool IsUpgradableRequest => _exchange.UpgradeProtocol.Length > 0;

    public string ConnectionId
    {
        get => TraceIdentifier;
        set => TraceIdentifier = value;
    }

    // There is no socket: the caller is in the Bowline-Caller header.
    public System.Net.IPAddress? RemoteIpAddress { get; set; }

    public System.Net.IPAddress? LocalIpAddress { get; set; }

    public int RemotePort { get; set; }

    public int LocalPort { get; set; }

    public void Abort()
    {
        _exchange.Abort();
    }

    public async Task<Stream> UpgradeAsync()
    {
        StatusCode = StatusCodes.Status101SwitchingProtocols;
        return await _exchange.UpgradeAsync(_exchange.Aborted).ConfigureAwait(false);
    }
}
