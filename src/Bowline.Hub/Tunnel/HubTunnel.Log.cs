using Microsoft.Extensions.Logging;

namespace Bowline.Hub.Tunnel;

/// <summary>What the hub's tunnel logs.</summary>
internal static partial class TunnelHubLog
{
    [LoggerMessage(3500, LogLevel.Error, "The hub's connection to {Url} could not be opened")]
    public static partial void OpenFailed(ILogger logger, string url, Exception exception);

    [LoggerMessage(3501, LogLevel.Information, "NATS is at {Url} now; the hub's connection moves there")]
    public static partial void Moved(ILogger logger, string url);
}
