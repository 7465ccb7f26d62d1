namespace Bowline.Node.Services;

/// <summary>One finished exchange of a service, for <c>expose --inspect</c>.</summary>
/// <param name="At">When it began.</param>
/// <param name="Service">The service.</param>
/// <param name="Method">The request method.</param>
/// <param name="Path">Path and query.</param>
/// <param name="Status">The response status; 0 when there was none.</param>
/// <param name="DurationMs">From the request's arrival to the end of the response.</param>
/// <param name="RequestBytes">Bytes of the request body.</param>
/// <param name="ResponseBytes">Bytes of the response body.</param>
/// <param name="Caller">Who asked.</param>
/// <param name="Error">Why it failed; null when it did not.</param>
public sealed record ExchangeRecord(DateTimeOffset At, string Service, string Method, string Path, int Status, double DurationMs, long RequestBytes, long ResponseBytes, string Caller, string? Error);
