namespace Bowline.Tunnel;

/// <summary>One forwarded exchange, for request logs.</summary>
/// <param name="Caller">Who asked.</param>
/// <param name="Method">The request method.</param>
/// <param name="Path">Path and query.</param>
/// <param name="StatusCode">The status that was answered.</param>
/// <param name="RequestBytes">Body bytes of the request.</param>
/// <param name="ResponseBytes">Body bytes of the response.</param>
/// <param name="Duration">From the start of the handler to the last byte.</param>
/// <param name="Error">A problem code such as <c>upstream_refused</c>, or null.</param>
public sealed record ForwardRecord(TunnelCaller Caller, string Method, string Path, int StatusCode, long RequestBytes, long ResponseBytes, TimeSpan Duration, string? Error);
