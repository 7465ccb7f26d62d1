using System.Diagnostics;
using System.IO.Pipelines;

namespace Bowline.Tunnel;

/// <summary>
/// One request and its response, as a handler sees them. Set status and headers, then write; the first byte that leaves, or the end of
/// the handler, sends the head. A response that is short and complete travels as one message.
/// </summary>
public sealed partial class TunnelExchange
{
    private readonly ServerStream _stream;
    private readonly TunnelContext _context;
    private readonly ResponseOutput _output;
    private RequestBodyStream? _requestBody;
    private string? _traceId;
    private int _responseTaken;

    internal TunnelExchange(ServerStream stream, TunnelContext context)
    {
        _stream = stream;
        _context = context;
        _output = new(this, stream, context);
    }

    /// <summary>The request method.</summary>
    public string Method => _stream.Request.Method;

    /// <summary>Path and query as the caller wrote them.</summary>
    public string Path => _stream.Request.Path;

    /// <summary>The service that was asked for.</summary>
    public string Service => _stream.Request.Service;

    /// <summary>Who asks, as established by the carrier.</summary>
    public TunnelCaller Caller { get; private set; } = new("", "");

    /// <summary>Request headers in order; hop-by-hop ones are gone and <c>Bowline-Caller</c> is ours.</summary>
    public TunnelHeaders RequestHeaders => _stream.Request.Headers;

    /// <summary>Body bytes of the request, or -1 when unknown.</summary>
    public long RequestLength => _stream.Request.ContentLength;

    /// <summary>The protocol the caller wants to change to, or empty.</summary>
    public string UpgradeProtocol => _stream.Request.Upgrade;

    /// <summary>The request body. Reading it sends <c>100 Continue</c> to a caller that waits for it.</summary>
    public Stream RequestBody => _requestBody ??= new(this, _stream);

    /// <summary>Trailers of the request; complete when the body has been read to its end.</summary>
    public TunnelHeaders? RequestTrailers => _stream.ReceivedTrailers;

    /// <summary>True when the whole request body has arrived.</summary>
    public bool RequestBodyArrived => _stream.ReceiveEnded;

    /// <summary>Signalled when the caller has gone, the deadline has passed or the stream failed.</summary>
    public CancellationToken Aborted => _stream.Aborted;

    /// <summary>The response status.</summary>
    public int StatusCode { get; set; } = 200;

    /// <summary>Response headers, sent in this order.</summary>
    public TunnelHeaders ResponseHeaders { get; } = [];

    /// <summary>Body bytes the response will have, or -1; a different count is an error on both sides.</summary>
    public long ResponseLength { get; set; } = -1;

    /// <summary>Trailers of the response; set them before the handler ends.</summary>
    public TunnelHeaders ResponseTrailers => field ??= [];

    /// <summary>True when status and headers can no longer change.</summary>
    public bool HasStarted => _output.HasStarted;

    /// <summary>The response body as a pipe: nothing leaves before a flush.</summary>
    public PipeWriter ResponseWriter => _output;

    /// <summary>The response body as a stream: every write leaves at once, straight from the caller's buffer when it is large.</summary>
    public Stream ResponseBody => field ??= new ResponseBodyStream(_output);

    /// <summary>Identifies the exchange in logs.</summary>
    public string TraceId => _traceId ??= Activity.Current?.TraceId.ToHexString() ?? ActivityTraceId.CreateRandom().ToHexString();

    internal ITunnelHandler? Handler { get; private set; }

    /// <summary>Runs before the head is made; the ASP.NET Core server hangs its OnStarting callbacks here.</summary>
    internal Func<Task>? Starting { get; set; }

    /// <summary>The handler took over both directions after 101.</summary>
    internal bool IsUpgraded { get; private set; }

    /// <summary>Sends status and headers now.</summary>
    public ValueTask StartAsync(CancellationToken cancellationToken = default) => _output.StartAsync(cancellationToken);

    /// <summary>Sends a 1xx answer, such as 103 Early Hints.</summary>
    public ValueTask SendInformationalAsync(int statusCode, TunnelHeaders headers, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(headers);
        if (statusCode is < 100 or > 199 or 101 || HasStarted)
        {
            throw new InvalidOperationException("A 1xx answer other than 101 goes out before the response.");
        }

        var head = new ResponseHead { Status = statusCode, ContentLength = 0 };
        CopyHeaders(headers, head.Headers);
        return _stream.SendHeadAsync(head, default, end: false, cancellationToken);
    }

    /// <summary>Answers 101; from now on both directions are raw bytes in the returned stream. Disposing it ends our direction.</summary>
    public async Task<Stream> UpgradeAsync(CancellationToken cancellationToken = default)
    {
        if (UpgradeProtocol.Length == 0 || HasStarted)
        {
            throw new InvalidOperationException(HasStarted ? "The response has started." : "The caller did not ask for another protocol.");
        }

        StatusCode = 101;
        ResponseLength = -1;
        IsUpgraded = true;
        await _output.StartAsync(cancellationToken).ConfigureAwait(false);
        return new StreamEndStream(_stream, duplex: true);
    }

    /// <summary>Cuts the exchange; the caller sees a reset.</summary>
    public void Abort()
    {
        _stream.Fail(new TunnelException(TunnelError.ResponseAborted), tell: true);
    }

    internal void Admit(ITunnelHandler handler, TunnelCaller caller)
    {
        Handler = handler;
        Caller = caller;
        _ = RequestHeaders.Remove(TunnelCaller.HeaderName);
        RequestHeaders.Add(TunnelCaller.HeaderName, caller.ToString());
    }

    internal ValueTask SendContinueAsync() =>
        _stream.Request.ExpectContinue && !HasStarted && !_stream.IsReadable
            ? _stream.SendHeadAsync(new ResponseHead { Status = 100, ContentLength = 0 }, default, end: false, Aborted)
            : default;

    /// <summary>True for whoever answers first: the handler, or the server on its behalf.</summary>
    internal bool TryTakeResponse() => Interlocked.CompareExchange(ref _responseTaken, 1, 0) == 0;

    internal ResponseHead CreateHead()
    {
        var head = new ResponseHead
        {
            Status = StatusCode,
            ContentLength = ResponseLength,
            Upgrade = StatusCode == 101 ? UpgradeProtocol : "",
        };
        CopyHeaders(ResponseHeaders, head.Headers);
        return head;
    }

    private static void CopyHeaders(TunnelHeaders from, TunnelHeaders to)
    {
        for (var i = 0; i < from.Count; i++)
        {
            var (name, value) = from[i];
            if (!HeadRules.IsToken(name) || !HeadRules.IsFieldValue(value))
            {
                throw new InvalidOperationException($"The response header {name} cannot be sent.");
            }

            if (!HeadRules.IsHopByHop(name) && !name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase))
            {
                to.Add(name, value);
            }
        }
    }
}
