using Microsoft.Extensions.Logging;

namespace Bowline.Tunnel;

/// <summary>Every log message of the library; ids 2000 to 2999.</summary>
internal static partial class TunnelLog
{
    [LoggerMessage(2000, LogLevel.Warning, "Tunnel: a control frame was dropped because too many wait; the next ping repeats what it said.")]
    public static partial void ControlDropped(ILogger logger);

    [LoggerMessage(2001, LogLevel.Error, "Tunnel: the carrier failed.")]
    public static partial void PumpFailed(ILogger logger, Exception exception);

    [LoggerMessage(2002, LogLevel.Warning, "Tunnel: stream {StreamId} was reset by us: {Code}.")]
    public static partial void StreamBroken(ILogger logger, uint streamId, ResetCode code);

    [LoggerMessage(2003, LogLevel.Warning, "Tunnel: a frame for stream {StreamId} came from another device; ignored.")]
    public static partial void ForeignFrame(ILogger logger, uint streamId);

    [LoggerMessage(2004, LogLevel.Error, "Tunnel: the handler of service {Service} failed; trace id {TraceId}.")]
    public static partial void HandlerFailed(ILogger logger, string service, string traceId, Exception exception);

    [LoggerMessage(2005, LogLevel.Warning, "Tunnel: an open was refused: {Reason}.")]
    public static partial void OpenRefused(ILogger logger, string reason);

    [LoggerMessage(2006, LogLevel.Information, "Tunnel: serving as instance {Instance}.")]
    public static partial void Attached(ILogger logger, string instance);

    [LoggerMessage(2007, LogLevel.Information, "Tunnel: instance {Instance} is detached; {Moved} streams moved, {Lost} were reset.")]
    public static partial void Detached(ILogger logger, string instance, int moved, int lost);

    [LoggerMessage(2008, LogLevel.Warning, "Tunnel: client {ClientId} is silent; {Streams} streams were reset.")]
    public static partial void ClientLost(ILogger logger, string clientId, int streams);

    [LoggerMessage(2010, LogLevel.Warning, "Tunnel: leaving instance {Instance} did not go as planned.")]
    public static partial void MoveIncomplete(ILogger logger, string instance, Exception exception);

    [LoggerMessage(2009, LogLevel.Warning, "Tunnel: forwarding to {Target} failed: {Reason}.")]
    public static partial void ForwardFailed(ILogger logger, string target, string reason, Exception? exception);
}
