namespace Bowline.Tunnel;

/// <summary>One request and its response, as the serving side sees them. Valid until the handler's task completes.</summary>
public abstract class TunnelExchange
{
    /// <summary>The request method.</summary>
    public abstract string Method { get; }

    /// <summary>Path and query as the caller wrote them, never normalised.</summary>
    public abstract string Path { get; }

    /// <summary>The service that was asked for.</summary>
    public abstract string Service { get; }

    /// <summary>Who asks, as the carrier authenticated them.</summary>
    public abstract TunnelCaller Caller { get; }

    /// <summary>The request's header fields, without hop-by-hop ones and without any <c>Bowline-Caller</c> of the caller's own.</summary>
    public abstract TunnelHeaders RequestHeaders { get; }

    /// <summary>Bytes of the request body, 0 when there is none, -1 when unknown.</summary>
    public abstract long RequestContentLength { get; }

    /// <summary>The protocol the caller asks to change to (for example <c>websocket</c>), or empty.</summary>
    public abstract string Upgrade { get; }

    /// <summary>The request body; empty when there is none. The first read answers <c>Expect: 100-continue</c>. Failures are <see cref="TunnelException"/>s.</summary>
    public abstract Stream RequestBody { get; }

    /// <summary>The request's trailers; empty until <see cref="RequestBody"/> was read to its end.</summary>
    public abstract TunnelHeaders RequestTrailers { get; }

    /// <summary>An id for logs and problem details.</summary>
    public abstract string TraceId { get; }

    /// <summary>Signalled when the caller gave up, the deadline passed or the stream was reset.</summary>
    public abstract CancellationToken Aborted { get; }

    /// <summary>True once the response head was handed over.</summary>
    public abstract bool HasStarted { get; }

    /// <summary>
    /// Hands over the response head. It leaves with the first body bytes, with the end, or at a flush, so that a small
    /// response is one message. 101 accepts the upgrade: then <see cref="RequestBody"/> and <see cref="ResponseBody"/> are
    /// the two directions of the new protocol. An interim 1xx other than 101 may be sent before the final head.
    /// </summary>
    /// <param name="status">The status code.</param>
    /// <param name="headers">Header fields; hop-by-hop ones are removed. Copied.</param>
    /// <param name="contentLength">Bytes of the body, or -1 when unknown. A body of another length resets the stream.</param>
    public abstract void StartResponse(int status, TunnelHeaders headers, long contentLength);

    /// <summary>
    /// The response body. Writes wait for the caller's credit. <see cref="Stream.FlushAsync(CancellationToken)"/> sends what is gathered at once.
    /// </summary>
    public abstract Stream ResponseBody { get; }

    /// <summary>Trailers sent with the end of the body; may be filled until the handler's task completes.</summary>
    public abstract TunnelHeaders ResponseTrailers { get; }

    /// <summary>Ends the exchange without a proper end: the caller sees a typed error, never a short body.</summary>
    public abstract void Abort();
}
