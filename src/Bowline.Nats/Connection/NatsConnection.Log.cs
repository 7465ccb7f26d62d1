using Microsoft.Extensions.Logging;

namespace Bowline.Nats;

public sealed partial class NatsConnection
{
    [LoggerMessage(1000, LogLevel.Information, "Connected to {Uri}: {ServerName} {Version}")]
    private partial void LogOpened(Uri uri, string serverName, string version);

    [LoggerMessage(1001, LogLevel.Warning, "Lost {Uri}")]
    private partial void LogLost(Uri uri, Exception reason);

    [LoggerMessage(1002, LogLevel.Debug, "Connecting failed")]
    private partial void LogConnectFailed(Exception reason);

    [LoggerMessage(1003, LogLevel.Warning, "The server sent -ERR: {Error}")]
    private partial void LogServerError(string error);

    [LoggerMessage(1004, LogLevel.Information, "{Uri} is in lame duck mode; moving")]
    private partial void LogLameDuck(Uri uri);

    [LoggerMessage(1005, LogLevel.Warning, "The subscription on {Subject} is full; reading is paused")]
    private partial void LogReadingPaused(string subject);

    [LoggerMessage(1006, LogLevel.Error, "A subscription on {Subject} threw while receiving")]
    private partial void LogReceiveFailed(string subject, Exception reason);

    [LoggerMessage(1007, LogLevel.Error, "An event handler threw")]
    private partial void LogHandlerFailed(Exception reason);

    [LoggerMessage(1008, LogLevel.Debug, "Closing an old transport failed")]
    private partial void LogCloseFailed(Exception reason);

    [LoggerMessage(1009, LogLevel.Debug, "What was published could not be confirmed before closing")]
    private partial void LogFlushFailed(Exception reason);
}
