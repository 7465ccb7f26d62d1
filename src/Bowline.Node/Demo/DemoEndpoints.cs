using System.Globalization;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Bowline.Node.Demo;

/// <summary>A page, a JSON endpoint, a clock by server-sent events, an echo that streams, an echo over WebSocket.</summary>
internal static class DemoEndpoints
{
    /// <summary>A clock shows seconds.</summary>
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);
    private const int BufferSize = 16 * 1024;

    public static void Map(IEndpointRouteBuilder routes, TimeProvider time)
    {
        routes.MapGet("/", PageAsync);
        routes.MapGet("/api/hello", context => HelloAsync(context, time));
        routes.MapGet("/clock", context => ClockAsync(context, time));
        routes.MapPost("/echo", EchoAsync);
        routes.MapGet("/ws", SocketAsync);
    }

    private static async Task PageAsync(HttpContext context)
    {
        context.Response.ContentType = "text/html; charset=utf-8";
        await context.Response.WriteAsync(DemoPage.Html, context.RequestAborted);
    }

    private static async Task HelloAsync(HttpContext context, TimeProvider time)
    {
        var hello = new DemoHello("Hello from " + Environment.MachineName, time.GetUtcNow(), context.Request.Headers["Bowline-Caller"].ToString());
        context.Response.ContentType = "application/json";
        await JsonSerializer.SerializeAsync(context.Response.Body, hello, NodeJson.Default.DemoHello, context.RequestAborted);
    }

    private static async Task ClockAsync(HttpContext context, TimeProvider time)
    {
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        using var timer = new PeriodicTimer(Tick, time);
        try
        {
            do
            {
                var line = string.Create(CultureInfo.InvariantCulture, $"data: {time.GetUtcNow():HH:mm:ss.fff}\n\n");
                await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(line), context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
            }
            while (await timer.WaitForNextTickAsync(context.RequestAborted));
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The reader left; the clock needs no reader.
        }
    }

    private static async Task EchoAsync(HttpContext context)
    {
        context.Response.ContentType = context.Request.ContentType ?? "application/octet-stream";
        var buffer = new byte[BufferSize];
        int read;
        while ((read = await context.Request.Body.ReadAsync(buffer, context.RequestAborted)) > 0)
        {
            await context.Response.Body.WriteAsync(buffer.AsMemory(0, read), context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
        }
    }

    private static async Task SocketAsync(HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            context.Response.StatusCode = StatusCodes.Status426UpgradeRequired;
            return;
        }

        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        var buffer = new byte[BufferSize];
        while (true)
        {
            var received = await socket.ReceiveAsync(buffer.AsMemory(), context.RequestAborted);
            if (received.MessageType == WebSocketMessageType.Close)
            {
                await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, context.RequestAborted);
                return;
            }

            await socket.SendAsync(buffer.AsMemory(0, received.Count), received.MessageType, received.EndOfMessage, context.RequestAborted);
        }
    }
}
