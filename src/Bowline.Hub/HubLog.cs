using Microsoft.Extensions.Logging;

namespace Bowline.Hub;

/// <summary>What the hub logs.</summary>
internal static partial class HubLog
{
    [LoggerMessage(3000, LogLevel.Debug, "nats-server: {Line}")]
    public static partial void NatsServerSaid(ILogger logger, string line);

    [LoggerMessage(3001, LogLevel.Information, "nats-server {ProcessId} is ready on port {Port}")]
    public static partial void NatsServerReady(ILogger logger, int processId, int port);

    [LoggerMessage(3002, LogLevel.Error, "nats-server exited with code {ExitCode}; it is started again in {Delay}. Its last lines: {LastLines}")]
    public static partial void NatsServerDied(ILogger logger, int exitCode, TimeSpan delay, string lastLines);

    [LoggerMessage(3003, LogLevel.Warning, "Stopped nats-server {ProcessId}, which an earlier hub had left behind")]
    public static partial void StaleNatsServerStopped(ILogger logger, int processId);

    [LoggerMessage(3004, LogLevel.Error, "nats-server could not be started again")]
    public static partial void NatsServerStartFailed(ILogger logger, Exception exception);

    [LoggerMessage(3005, LogLevel.Warning, "nats-server could not start on its old port {Port}; it takes another one")]
    public static partial void NatsServerMoves(ILogger logger, int port, Exception exception);

    [LoggerMessage(3010, LogLevel.Information, "Device {Device} connected its link (bridge {Bridge})")]
    public static partial void BridgeOpened(ILogger logger, string device, long bridge);

    [LoggerMessage(3011, LogLevel.Information, "The link of device {Device} closed (bridge {Bridge}): {Reason}")]
    public static partial void BridgeClosed(ILogger logger, string device, long bridge, string reason);

    [LoggerMessage(3012, LogLevel.Warning, "The bridge of device {Device} cannot reach NATS")]
    public static partial void BridgeUnreachable(ILogger logger, string device, Exception exception);

    [LoggerMessage(3020, LogLevel.Information, "Device {Device} was revoked by {Actor}")]
    public static partial void DeviceRevoked(ILogger logger, string device, string actor);

    [LoggerMessage(3021, LogLevel.Error, "The revocation of device {Device} could not be pushed to NATS; its credentials end within their life")]
    public static partial void RevocationNotPushed(ILogger logger, string device, Exception exception);

    [LoggerMessage(3022, LogLevel.Error, "The list of revoked users could not be pushed to NATS; it is tried again")]
    public static partial void RevocationsNotPushed(ILogger logger, Exception exception);

    [LoggerMessage(3030, LogLevel.Debug, "An exchange with service {Service} of {Node} broke off")]
    public static partial void ContentBrokeOff(ILogger logger, string service, string node, Exception exception);

    [LoggerMessage(3090, LogLevel.Error, "Request {TraceId} failed")]
    public static partial void RequestFailed(ILogger logger, string traceId, Exception exception);
}
