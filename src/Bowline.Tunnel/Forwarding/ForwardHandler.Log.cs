using Microsoft.Extensions.Logging;

namespace Bowline.Tunnel;

internal static partial class ForwardLog
{
    [LoggerMessage(2600, LogLevel.Information, "Service {Service}: exchange {TraceId} was not forwarded to its end: {Error}")]
    public static partial void Failed(ILogger logger, string service, string traceId, ForwardError error, Exception? exception);

    [LoggerMessage(2601, LogLevel.Warning, "An observer of forwarded exchanges failed")]
    public static partial void ObserverFailed(ILogger logger, Exception exception);
}
