using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;

namespace Bowline.Tunnel;

/// <summary>
/// The exchange that a <see cref="TunnelServer"/> hands to a handler, over one stream. A response that is short and complete travels as one message.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "Both directions end with the stream, whose owner is the server.")]
internal sealed partial class ServerExchange : TunnelExchange
{
    private readonly ServerStream _stream;
    private readonly TunnelContext _context;
    private readonly ResponseOutput _output;
    private static readonly TunnelHeaders NoTrailers = [];
    private RequestBodyStream? _requestBody;
    private StreamEndStream? _duplex;
    private Task _interim = Task.CompletedTask;
    private bool _headGiven;
    private string? _traceId;
    private int _responseTaken;
    private TunnelCaller _caller = new("", "");

    internal ServerExchange(ServerStream stream, TunnelContext context)
    {
        _stream = stream;
        _context = context;
        _output = new(this, stream, context);
    }

    /// <summary>The request method.</summary>
    public override string Method => _stream.Request.Method;

    /// <summary>Path and query as the caller wrote them.</summary>
    public override string Path => _stream.Request.Path;

    /// <summary>The service that was asked for.</summary>
    public override string Service => _stream.Request.Service;

    /// <summary>Who asks, as established by the carrier.</summary>
    public override TunnelCaller Caller => _caller;

    /// <summary>Request headers in order; hop-by-hop ones are gone and <c>Bowline-Caller</c> is ours.</summary>
    public override TunnelHeaders RequestHeaders => _stream.Request.Headers;

    /// <summary>Body bytes of the request, or -1 when unknown.</summary>
    public override long RequestContentLength => _stream.Request.ContentLength;

    /// <summary>The protocol the caller wants to change to, or empty.</summary>
    public override string Upgrade => _stream.Request.Upgrade;

    /// <summary>The request body. Reading it sends <c>100 Continue</c> to a caller that waits for it.</summary>
    public override Stream RequestBody => _duplex ?? (_requestBody ??= new(this, _stream));

    /// <summary>Trailers of the request; complete when the body has been read to its end.</summary>
    public override TunnelHeaders RequestTrailers => _stream.ReceivedTrailers ?? NoTrailers;

    /// <summary>True when the whole request body has arrived.</summary>
    public bool RequestBodyArrived => _stream.ReceiveEnded;

    /// <summary>Signalled when the caller has gone, the deadline has passed or the stream failed.</summary>
    public override CancellationToken Aborted => _stream.Aborted;

    /// <summary>The response status.</summary>
    public int StatusCode { get; set; } = 200;

    /// <summary>Response headers, sent in this order.</summary>
    public TunnelHeaders ResponseHeaders { get; } = [];

    /// <summary>Body bytes the response will have, or -1; a different count is an error on both sides.</summary>
    public long ResponseLength { get; set; } = -1;

    /// <summary>Trailers of the response; set them before the handler ends.</summary>
    public override TunnelHeaders ResponseTrailers => field ??= [];

    /// <summary>True when status and headers can no longer change.</summary>
    public override bool HasStarted => _headGiven || _output.HasStarted;

    /// <summary>The response body as a pipe: nothing leaves before a flush.</summary>
    public PipeWriter ResponseWriter => _output;

    /// <summary>The response body; see the base.</summary>
    public override Stream ResponseBody => field ??= new ResponseBodyStream(this, _output);

    /// <summary>Identifies the exchange in logs.</summary>
    public override string TraceId => _traceId ??= Activity.Current?.TraceId.ToHexString() ?? ActivityTraceId.CreateRandom().ToHexString();

    internal ITunnelHandler? Handler { get; private set; }

    /// <summary>The handler took over both directions after 101.</summary>
    internal bool IsUpgraded { get; private set; }

    /// <summary>Sends status and headers now.</summary>
    public ValueTask StartAsync(CancellationToken cancellationToken = default) => _output.StartAsync(cancellationToken);

    /// <inheritdoc/>
    public override void StartResponse(int status, TunnelHeaders headers, long contentLength)
    {
        ArgumentNullException.ThrowIfNull(headers);
        if (HasStarted)
        {
            throw new InvalidOperationException("The response has started.");
        }

        if (status is >= 100 and < 200 and not 101)
        {
            _interim = SendInterimAsync(_interim, status, headers);
            return;
        }

        if (status == 101 && Upgrade.Length == 0)
        {
            throw new InvalidOperationException("The caller did not ask for another protocol.");
        }

        StatusCode = status;
        ResponseLength = status == 101 ? -1 : contentLength;
        for (var i = 0; i < headers.Count; i++)
        {
            ResponseHeaders.Add(headers[i].Key, headers[i].Value);
        }

        _headGiven = true;
        if (status == 101)
        {
            IsUpgraded = true;
            _duplex = new(_stream, duplex: true);
        }
    }

    /// <summary>Cuts the exchange; the caller sees a reset.</summary>
    public override void Abort()
    {
        _stream.Fail(new TunnelException(TunnelError.ResponseAborted), tell: true);
    }

    /// <summary>Interim answers have left, in order; a failure of theirs is the stream's own and shows at the next write.</summary>
    internal Task SettleInterimAsync() => _interim;

    internal void Admit(ITunnelHandler handler, TunnelCaller caller)
    {
        Handler = handler;
        _caller = caller;
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
            Upgrade = StatusCode == 101 ? Upgrade : "",
        };
        CopyHeaders(ResponseHeaders, head.Headers);
        return head;
    }

    private async Task SendInterimAsync(Task before, int status, TunnelHeaders headers)
    {
        var head = new ResponseHead { Status = status, ContentLength = 0 };
        CopyHeaders(headers, head.Headers);
        await before.ConfigureAwait(false);
        await _stream.SendHeadAsync(head, default, end: false, Aborted).ConfigureAwait(false);
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
