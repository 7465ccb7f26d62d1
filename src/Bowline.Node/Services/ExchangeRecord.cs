namespace Bowline.Node.Services;

/// <summary>One finished exchange of a service, for <c>expose --inspect</c>.</summary>
/// <param name="At">When it began.</param>
/// <param name="Service">The service.</param>
/// <param name="Method">The request method.</param>
/// <param name="Path">Path and query.</param>
/// <param name="Status">The response status; 0 when there was none.</param>
/// <param name="DurationMs">From the request's arrival to the end of the response.</param>
/// <param name="RequestBytes">Length of the request body as announced; -1 when it was not.</param>
/// <param name="ResponseBytes">Length of the response body as announced; -1 when it was not.</param>
/// <param name="Caller">Who asked.</param>
public sealed record ExchangeRecord(DateTimeOffset At, string Service, string Method, string Path, int Status, double DurationMs, long RequestBytes, long ResponseBytes, string Caller);
