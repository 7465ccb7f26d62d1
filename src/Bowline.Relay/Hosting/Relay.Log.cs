using Microsoft.Extensions.Logging;

namespace Bowline.Relay;

/// <summary>Log messages of the server; ids 5100 to 5199.</summary>
internal static partial class RelayLog
{
    [LoggerMessage(5100, LogLevel.Debug, "Relay: connection {Connection} from {Address} is open.")]
    public static partial void Opened(ILogger logger, long connection, string address);

    [LoggerMessage(5101, LogLevel.Debug, "Relay: connection {Connection} is gone: {Reason}.")]
    public static partial void Gone(ILogger logger, long connection, string reason);

    [LoggerMessage(5102, LogLevel.Information, "Relay: connection {Connection} is closed with {Status}: {Reason}.")]
    public static partial void Closing(ILogger logger, long connection, int status, string reason);

    [LoggerMessage(5103, LogLevel.Error, "Relay: event {EventId} was not stored.")]
    public static partial void NotStored(ILogger logger, Exception exception, string eventId);

    [LoggerMessage(5104, LogLevel.Error, "Relay: a query of connection {Connection} failed.")]
    public static partial void QueryFailed(ILogger logger, Exception exception, long connection);

    [LoggerMessage(5105, LogLevel.Error, "Relay: connection {Connection} failed.")]
    public static partial void Failed(ILogger logger, Exception exception, long connection);

    [LoggerMessage(5106, LogLevel.Information, "Relay: stopping; {Connections} connections are told.")]
    public static partial void Stopping(ILogger logger, int connections);

    [LoggerMessage(5107, LogLevel.Warning, "Relay: stopped; {Connections} connections did not end in time and were cut.")]
    public static partial void Cut(ILogger logger, int connections);

    [LoggerMessage(5108, LogLevel.Debug, "Relay: {Name}, key {Key}.")]
    public static partial void Started(ILogger logger, string name, string key);
}
