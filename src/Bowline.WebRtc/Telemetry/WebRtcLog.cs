using Microsoft.Extensions.Logging;

namespace Bowline.WebRtc;

/// <summary>Every log message of the library; ids 6000 to 6099. No passwords and no addresses: a pair is told by its kinds.</summary>
internal static partial class WebRtcLog
{
    [LoggerMessage(6000, LogLevel.Debug, "WebRTC {Connection}: created.")]
    public static partial void Created(ILogger logger, long connection);

    [LoggerMessage(6001, LogLevel.Debug, "WebRTC {Connection}: ICE is {State}.")]
    public static partial void IceChanged(ILogger logger, long connection, IceState state);

    [LoggerMessage(6002, LogLevel.Information, "WebRTC {Connection}: carried between {Local} here and {Remote} there.")]
    public static partial void PairSelected(ILogger logger, long connection, CandidateKind local, CandidateKind remote);

    [LoggerMessage(6003, LogLevel.Information, "WebRTC {Connection}: ICE restarts.")]
    public static partial void IceRestarted(ILogger logger, long connection);

    [LoggerMessage(6004, LogLevel.Information, "WebRTC {Connection}: the SCTP association is up with {Streams} streams.")]
    public static partial void AssociationUp(ILogger logger, long connection, int streams);

    [LoggerMessage(6005, LogLevel.Warning, "WebRTC {Connection}: the other side was refused: its certificate is not the one its description names.")]
    public static partial void CertificateRefused(ILogger logger, long connection);

    [LoggerMessage(6006, LogLevel.Warning, "WebRTC {Connection}: it failed ({Error}): {Reason}")]
    public static partial void Failed(ILogger logger, long connection, WebRtcError error, string reason);

    [LoggerMessage(6007, LogLevel.Information, "WebRTC {Connection}: the other side has ended it: {Reason}")]
    public static partial void EndedByPeer(ILogger logger, long connection, string reason);

    [LoggerMessage(6008, LogLevel.Debug, "WebRTC {Connection}: closed.")]
    public static partial void Closed(ILogger logger, long connection);

    [LoggerMessage(6009, LogLevel.Information, "WebRTC {Connection}: the other side is suspected to be gone; one packet a second leaves.")]
    public static partial void Suspected(ILogger logger, long connection);

    [LoggerMessage(6010, LogLevel.Information, "WebRTC {Connection}: the other side is no longer suspected.")]
    public static partial void Trusted(ILogger logger, long connection);

    [LoggerMessage(6011, LogLevel.Information, "WebRTC {Connection}: datagrams leave by another path.")]
    public static partial void PathSwitched(ILogger logger, long connection);

    [LoggerMessage(6012, LogLevel.Warning, "WebRTC {Connection}: input was refused: {Datagrams} datagrams, {Messages} messages, {Candidates} candidates since it began.")]
    public static partial void InputRefused(ILogger logger, long connection, long datagrams, long messages, long candidates);

    [LoggerMessage(6013, LogLevel.Error, "WebRTC {Connection}: an internal error ended it.")]
    public static partial void Faulted(ILogger logger, long connection, Exception fault);

    [LoggerMessage(6014, LogLevel.Warning, "WebRTC {Connection}: the path throws, and loses datagrams; told once for a path.")]
    public static partial void PathFailed(ILogger logger, long connection, Exception fault);
}
