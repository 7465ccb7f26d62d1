using Microsoft.Extensions.Logging;

namespace Bowline.Node.Link;

internal sealed partial class LinkLoop
{
    [LoggerMessage(4000, LogLevel.Information, "Link is {Phase}.")]
    private partial void LogPhase(LinkPhase phase);

    [LoggerMessage(4001, LogLevel.Warning, "{Text}")]
    private partial void LogTrouble(string text);

    [LoggerMessage(4002, LogLevel.Error, "A step of the link loop failed in a way nobody foresaw; the loop goes on.")]
    private partial void LogUnexpected(Exception exception);

    [LoggerMessage(4003, LogLevel.Information, "Ran again after {Seconds:0.0} s ({Kind}); probing the link.")]
    private partial void LogResumed(double seconds, Core.Time.SuspensionKind kind);

    [LoggerMessage(4004, LogLevel.Debug, "Closing an old connection failed.")]
    private partial void LogCloseFailed(Exception exception);

    [LoggerMessage(4005, LogLevel.Debug, "Could not tell the hub: {Text}")]
    private partial void LogNotTold(string text);

    [LoggerMessage(4006, LogLevel.Warning, "The link lost its connection: {Text}")]
    private partial void LogLost(string text);

    [LoggerMessage(4007, LogLevel.Critical, "The link loop's event queue is full; an event was refused.")]
    private partial void LogOverflow();
}
