using Microsoft.Extensions.Logging;

namespace Bowline.Relay;

/// <summary>What the stores log.</summary>
internal static partial class StoreLog
{
    [LoggerMessage(5900, LogLevel.Warning, "Expired events could not be removed; the next sweep tries again")]
    public static partial void SweepFailed(ILogger logger, Exception exception);
}
