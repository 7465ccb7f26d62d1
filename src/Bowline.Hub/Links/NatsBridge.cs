using System.Net.Sockets;
using Bowline.Core.Identity;
using Bowline.Hub.Devices;
using Bowline.Hub.NatsServer;
using Bowline.Hub.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Bowline.Hub.Links;

/// <summary>
/// Ends a node's WebSocket here and passes its bytes to NATS over TCP, so that one port and one certificate serve everything
/// and the server's own WebSocket listener stays closed. The device is authenticated before this is reached.
/// </summary>
internal sealed class NatsBridge(
    INatsBackend nats,
    BridgeRegistry registry,
    DeviceStore devices,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<NatsBridge> logger)
{
    private static readonly WebSocketAcceptContext Accept = new()
    {
        KeepAliveInterval = TimeSpan.FromSeconds(15),

        // A machine frozen for two minutes keeps its socket and answers on it at once when it wakes.
        KeepAliveTimeout = TimeSpan.FromSeconds(150),
    };

    public async Task ServeAsync(HttpContext context, DeviceId device)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            await HubProblem.WriteAsync(context, HubProblemCode.UpgradeRequired);
            return;
        }

        using var socket = await ConnectAsync(device, context.RequestAborted);
        using var abort = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        var link = socket is null ? null : registry.TryAdd(device, abort);
        if (link is null)
        {
            await HubProblem.WriteAsync(context, socket is null ? HubProblemCode.LinkSessionUnavailable : HubProblemCode.Busy);
            return;
        }

        var opened = false;
        await using var stop = lifetime.ApplicationStopping.UnsafeRegister(static l => ((BridgedLink)l!).Close(BridgeEnd.HubStopping), link);
        try
        {
            // Revoked between its authentication and its registration: nobody would close it later.
            if (devices.Find(device) is null)
            {
                await HubProblem.WriteAsync(context, HubProblemCode.DeviceUnknown);
                return;
            }

            using var webSocket = await context.WebSockets.AcceptWebSocketAsync(Accept);
            Telemetry.Bridges.Add(1);
            opened = true;
            HubLog.BridgeOpened(logger, device.ToString(), link.Id);
            await using var stream = new NetworkStream(socket!, ownsSocket: false);
            link.Close(await BridgePump.RunAsync(webSocket, stream, time, abort.Token));
        }
        finally
        {
            registry.Remove(link);
            Telemetry.Bridges.Add(opened ? -1 : 0);
            HubLog.BridgeClosed(logger, device.ToString(), link.Id, (link.Reason ?? BridgeEnd.NodeClosed).ToString());
        }
    }

    private async Task<Socket?> ConnectAsync(DeviceId device, CancellationToken cancellationToken)
    {
        if (nats.Url is not { Scheme: "nats" } url)
        {
            return null;
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(url.IdnHost, url.Port, cancellationToken);
            return socket;
        }
        catch (SocketException e)
        {
            HubLog.BridgeUnreachable(logger, device.ToString(), e);
            socket.Dispose();
            return null;
        }
    }
}
