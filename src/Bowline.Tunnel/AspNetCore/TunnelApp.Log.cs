using Microsoft.Extensions.Logging;

namespace Bowline.Tunnel;

internal static partial class TunnelAppLog
{
    [LoggerMessage(2500, LogLevel.Error, "Exchange {TraceId}: the app failed")]
    public static partial void Failed(ILogger logger, string traceId, Exception exception);

    [LoggerMessage(2501, LogLevel.Error, "Exchange {TraceId}: the app failed after the response had begun; the exchange is cut")]
    public static partial void FailedMidway(ILogger logger, string traceId, Exception exception);

    [LoggerMessage(2502, LogLevel.Debug, "Exchange {TraceId}: the caller is gone ({What})")]
    public static partial void CallerGone(ILogger logger, string traceId, string what);

    [LoggerMessage(2503, LogLevel.Information, "Exchange {TraceId}: bad request: {Why}")]
    public static partial void BadRequest(ILogger logger, string traceId, string why);

    [LoggerMessage(2504, LogLevel.Error, "A callback for the completed response failed")]
    public static partial void CompletedCallbackFailed(ILogger logger, Exception exception);
}
