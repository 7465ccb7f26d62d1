using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;

namespace Bowline.Nats.Tests.Support;

/// <summary>An HTTP server that passes WebSocket bytes to a NATS server, for those with the right bearer token.</summary>
internal sealed class WebSocketBridge : IAsyncDisposable
{
    private readonly WebApplication _app;

    private WebSocketBridge(WebApplication app) => _app = app;

    public string Url => _app.Urls.First().Replace("http", "ws", StringComparison.Ordinal) + "/nats";

    public int Port => new Uri(_app.Urls.First()).Port;

    public List<string> Tokens { get; } = [];

    public WebSocketCloseStatus? ClosedWith { get; private set; }

    public TaskCompletionSource Closed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public static async Task<WebSocketBridge> StartAsync(int natsPort, Func<string, bool> allows, HttpsConnectionAdapterOptions? https = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            if (https is not null)
            {
                listen.UseHttps(https);
            }
        }));
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var bridge = new WebSocketBridge(app);
        app.UseWebSockets();
        app.Map("/nats", context => bridge.ServeAsync(context, natsPort, allows));
        await app.StartAsync();
        return bridge;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task ServeAsync(HttpContext context, int natsPort, Func<string, bool> allows)
    {
        var token = context.Request.Headers.Authorization.ToString();
        lock (Tokens)
        {
            Tokens.Add(token);
        }

        if (!allows(token))
        {
            context.Response.StatusCode = 401;
            return;
        }

        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        using var tcp = new TcpClient();
        await tcp.ConnectAsync("127.0.0.1", natsPort);
        var stream = tcp.GetStream();
        var down = DownAsync(stream, socket);
        var buffer = new byte[8192];
        while (true)
        {
            var result = await socket.ReceiveAsync(buffer, context.RequestAborted);
            if (result.MessageType == WebSocketMessageType.Close)
            {
                ClosedWith = socket.CloseStatus;
                Closed.TrySetResult();
                break;
            }

            Assert.Equal(WebSocketMessageType.Binary, result.MessageType);
            await stream.WriteAsync(buffer.AsMemory(0, result.Count));
        }

        tcp.Close();
        await down;
    }

    private static async Task DownAsync(NetworkStream stream, WebSocket socket)
    {
        // Small frames that split lines: a frame is not a message.
        var buffer = new byte[7];
        try
        {
            int count;
            while ((count = await stream.ReadAsync(buffer)) > 0)
            {
                await socket.SendAsync(buffer.AsMemory(0, count), WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None);
            }
        }
        catch (Exception e) when (e is IOException or WebSocketException or ObjectDisposedException)
        {
            // The other direction has ended.
        }
    }
}
