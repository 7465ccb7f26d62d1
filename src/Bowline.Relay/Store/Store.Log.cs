using Microsoft.Extensions.Logging;

namespace Bowline.Relay;

/// <summary>What the stores log.</summary>
internal static partial class StoreLog
{
    [LoggerMessage(5900, LogLevel.Warning, "Expired events could not be removed; the next sweep tries again")]
    public static partial void SweepFailed(ILogger logger, Exception exception);

    [LoggerMessage(5901, LogLevel.Warning, "The index of words could not be brought up to date; a search may miss the latest events")]
    public static partial void WordsBehind(ILogger logger, Exception exception);
}
