using System.IO.Pipelines;
using Bowline.Tunnel;

namespace Bowline.Testing.Tunnel;

/// <summary>
/// An exchange over in-memory pipes: the test is the caller. Response bytes become visible to the caller only when a real tunnel
/// would send them (a flush, <see cref="GatherLimit"/> gathered bytes, or the end), and unread bodies hold at most their window.
/// </summary>
public sealed class TestExchange : TunnelExchange, IDisposable
{
    /// <summary>Response bytes that are gathered before they leave by themselves.</summary>
    public const int GatherLimit = 16 * 1024;

    /// <summary>Bytes one unread body may hold, each way.</summary>
    public const int Window = 256 * 1024;

    private readonly CancellationTokenSource _aborted = new();
    private readonly Pipe _request = NewPipe();
    private readonly Pipe _response = NewPipe();
    private readonly TestResponseBody _responseBody;
    private readonly Stream _requestBody;
    private readonly TaskCompletionSource<TestResponseHead> _head = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<int> _interim = [];
    private TestResponseHead? _pending;

    /// <summary>An exchange of the given request; a body is written to <see cref="Upload"/>.</summary>
    public TestExchange(string method = "GET", string path = "/")
    {
        Method = method;
        Path = path;
        _responseBody = new TestResponseBody(this, _response.Writer);
        _requestBody = _request.Reader.AsStream();
        Download = _response.Reader.AsStream();
    }

    /// <inheritdoc/>
    public override string Method { get; }

    /// <inheritdoc/>
    public override string Path { get; }

    /// <inheritdoc/>
    public override string Service => ServiceName;

    /// <summary>What <see cref="Service"/> says.</summary>
    public string ServiceName { get; init; } = TunnelTarget.DefaultService;

    /// <inheritdoc/>
    public override TunnelCaller Caller => CallerIs;

    /// <summary>What <see cref="Caller"/> says.</summary>
    public TunnelCaller CallerIs { get; init; } = TunnelCaller.Account("alice");

    /// <inheritdoc/>
    public override TunnelHeaders RequestHeaders { get; } = [];

    /// <inheritdoc/>
    public override long RequestContentLength => BodyLength;

    /// <summary>What <see cref="RequestContentLength"/> says: 0 no body, -1 unknown.</summary>
    public long BodyLength { get; init; }

    /// <inheritdoc/>
    public override string Upgrade => UpgradeTo;

    /// <summary>What <see cref="Upgrade"/> says.</summary>
    public string UpgradeTo { get; init; } = "";

    /// <inheritdoc/>
    public override Stream RequestBody => BodyLength == 0 && UpgradeTo.Length == 0 ? Stream.Null : _requestBody;

    /// <inheritdoc/>
    public override TunnelHeaders RequestTrailers { get; } = [];

    /// <inheritdoc/>
    public override string TraceId { get; } = Guid.NewGuid().ToString("n");

    /// <inheritdoc/>
    public override CancellationToken Aborted => _aborted.Token;

    /// <inheritdoc/>
    public override bool HasStarted => _pending is not null;

    /// <inheritdoc/>
    public override Stream ResponseBody => _responseBody;

    /// <inheritdoc/>
    public override TunnelHeaders ResponseTrailers { get; } = [];

    /// <summary>The caller's end of the request body; complete it to end the body.</summary>
    public PipeWriter Upload => _request.Writer;

    /// <summary>The caller's end of the response body; an exchange that was cut throws a <see cref="TunnelException"/> here.</summary>
    public Stream Download { get; }

    /// <summary>The final response head, once it has left.</summary>
    public Task<TestResponseHead> Head => _head.Task;

    /// <summary>Interim statuses sent before the final head.</summary>
    public IReadOnlyList<int> Interim => _interim;

    /// <summary>How often a final head was handed over.</summary>
    public int Starts { get; private set; }

    /// <summary>Writes to the response body.</summary>
    public int Writes { get; internal set; }

    /// <summary>Messages that left: each holds what was gathered; the one with the end counts.</summary>
    public int Messages { get; internal set; }

    /// <summary>Why the exchange was cut, when it was.</summary>
    public TunnelError? Failure { get; private set; }

    /// <summary>What the handler threw, when it did.</summary>
    public Exception? HandlerException { get; private set; }

    internal long Written { get; set; }

    /// <inheritdoc/>
    public override void StartResponse(int status, TunnelHeaders headers, long contentLength)
    {
        ArgumentNullException.ThrowIfNull(headers);
        if (status is >= 100 and < 200 and not 101)
        {
            _interim.Add(status);
            return;
        }

        if (_pending is not null)
        {
            throw new InvalidOperationException("The response was started twice.");
        }

        Starts++;
        _pending = new TestResponseHead(status, [.. headers], contentLength);
    }

    /// <inheritdoc/>
    public override void Abort() => Fail(TunnelError.ResponseAborted);

    /// <summary>The caller gives up.</summary>
    public void CancelByCaller()
    {
        _request.Writer.Complete(new TunnelException(TunnelError.Cancelled));
        Fail(TunnelError.Cancelled);
    }

    /// <summary>Lets the handler answer, as a tunnel server would; completes when the exchange is over. Does not throw what the handler throws.</summary>
    public async Task RunAsync(ITunnelHandler handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        try
        {
            await handler.HandleAsync(this).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            HandlerException = exception;
        }

        End();
    }

    /// <inheritdoc/>
    public void Dispose() => _aborted.Dispose();

    internal void ReleaseHead()
    {
        if (_pending is { } head)
        {
            _ = _head.TrySetResult(head);
        }
    }

    internal void ThrowIfOver()
    {
        if (Failure is { } error)
        {
            throw new TunnelException(error);
        }

        if (_pending is null)
        {
            throw new InvalidOperationException("The body was written before the head.");
        }
    }

    private static Pipe NewPipe() => new(new PipeOptions(pauseWriterThreshold: Window, resumeWriterThreshold: Window / 2, useSynchronizationContext: false));

    private void End()
    {
        var bodiless = Method == "HEAD" || _pending?.Status is 101 or 204 or 304;
        if (HandlerException is not null || _pending is null)
        {
            Fail(TunnelError.ResponseAborted);
        }
        else if (_pending.ContentLength >= 0 && _pending.ContentLength != Written && !bodiless)
        {
            Fail(TunnelError.BodyLengthMismatch);
        }

        if (Failure is null)
        {
            Messages++;
            ReleaseHead();
            _response.Writer.Complete();
        }
    }

    private void Fail(TunnelError error)
    {
        if (Failure is null)
        {
            Failure = error;
            var exception = new TunnelException(error);
            _ = _head.TrySetException(exception);
            _response.Writer.CancelPendingFlush();
            _response.Writer.Complete(exception);
            _aborted.Cancel();
        }
    }
}
