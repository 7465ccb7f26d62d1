using Microsoft.Extensions.Logging;

namespace Bowline.Hub.Presence;

/// <summary>What presence logs.</summary>
internal static partial class PresenceLog
{
    [LoggerMessage(3510, LogLevel.Information, "Link {Device}: {Before} -> {After} ({Method})")]
    public static partial void Changed(ILogger logger, string device, LinkState before, LinkState after, EvidenceMethod method);

    [LoggerMessage(3511, LogLevel.Error, "The probe of {Device} failed in the hub itself")]
    public static partial void ProbeFailed(ILogger logger, string device, Exception exception);

    [LoggerMessage(3512, LogLevel.Warning, "The hub's own connection is lost; what is known of {Links} links is in doubt")]
    public static partial void Blind(ILogger logger, int links);

    [LoggerMessage(3513, LogLevel.Debug, "Node {Device} says {Word}")]
    public static partial void Said(ILogger logger, string device, string word);
}
