using Microsoft.Extensions.Logging;

namespace Bowline.Nostr;

internal sealed partial class RelayLink
{
    [LoggerMessage(5000, LogLevel.Information, "Relay {Relay} is {Phase}; last trouble: {Trouble}")]
    private partial void LogPhase(Uri relay, RelayPhase phase, string? trouble);

    [LoggerMessage(5001, LogLevel.Debug, "Relay {Relay}: let go of a socket: {Why}")]
    private partial void LogOrphan(Uri relay, string why);

    [LoggerMessage(5002, LogLevel.Warning, "Relay {Relay} sent garbage (forged: {IsForged}): {What}")]
    private partial void LogGarbage(Uri relay, string what, bool isForged);

    [LoggerMessage(5003, LogLevel.Error, "Relay {Relay}: a task of its connection failed in a way nobody foresaw")]
    private partial void LogUnexpected(Exception error, Uri relay);

    [LoggerMessage(5004, LogLevel.Debug, "Saying goodbye to a relay failed")]
    internal partial void LogGoodbye(Exception error);
}
