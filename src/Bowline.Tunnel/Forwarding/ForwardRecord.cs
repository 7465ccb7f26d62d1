namespace Bowline.Tunnel;

/// <summary>One forwarded exchange, after its end.</summary>
/// <param name="Method">The request method.</param>
/// <param name="Path">Path and query as the caller wrote them.</param>
/// <param name="Caller">Who asked.</param>
/// <param name="Status">The status the caller got; 0 when there was none.</param>
/// <param name="Duration">From the call of the handler to the end of the exchange.</param>
/// <param name="RequestBytes">Bytes of the request body sent to the service.</param>
/// <param name="ResponseBytes">Bytes of the response body taken from the service.</param>
/// <param name="Error">Why it failed, or <see cref="ForwardError.None"/>.</param>
public readonly record struct ForwardRecord(
    string Method,
    string Path,
    TunnelCaller Caller,
    int Status,
    TimeSpan Duration,
    long RequestBytes,
    long ResponseBytes,
    ForwardError Error);
