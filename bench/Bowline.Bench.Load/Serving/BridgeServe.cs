using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Bowline.Bench.Load.Serving;

/// <summary>
/// <c>serve-bridge URL</c>: WebSocket ended in Kestrel, bytes passed on to nats-server, as the hub does it for nodes (without
/// its authentication).
/// </summary>
internal static class BridgeServe
{
    private const int BufferSize = 64 << 10;

    public static async Task<int> RunAsync(string url)
    {
        var nats = new Uri(url);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0));
        await using var app = builder.Build();
        app.UseWebSockets();
        app.Run(context => BridgeAsync(context, nats));
        await app.StartAsync();
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        await Ready.SayAsync(address.Replace("http://", "ws://", StringComparison.Ordinal) + "/nats");
        await Ready.UntilStdinEndsAsync();
        await app.StopAsync();
        return 0;
    }

    private static async Task BridgeAsync(HttpContext context, Uri nats)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        using var tcp = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await tcp.ConnectAsync(nats.Host, nats.Port, context.RequestAborted);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        Task[] directions = [UpAsync(socket, tcp, over.Token), DownAsync(socket, tcp, over.Token)];
        await Task.WhenAny(directions);
        await over.CancelAsync();
        await Task.WhenAll(directions).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static async Task UpAsync(WebSocket from, Socket to, CancellationToken cancellationToken)
    {
        var buffer = new byte[BufferSize];
        while (await from.ReceiveAsync(buffer.AsMemory(), cancellationToken) is { MessageType: not WebSocketMessageType.Close } received)
        {
            for (var sent = 0; sent < received.Count;)
            {
                sent += await to.SendAsync(buffer.AsMemory(sent, received.Count - sent), cancellationToken);
            }
        }
    }

    private static async Task DownAsync(WebSocket to, Socket from, CancellationToken cancellationToken)
    {
        var buffer = new byte[BufferSize];
        while (await from.ReceiveAsync(buffer.AsMemory(), cancellationToken) is > 0 and var received)
        {
            await to.SendAsync(buffer.AsMemory(0, received), WebSocketMessageType.Binary, endOfMessage: true, cancellationToken);
        }
    }
}
