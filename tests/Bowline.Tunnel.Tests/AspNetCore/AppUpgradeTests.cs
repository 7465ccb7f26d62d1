using System.Net.WebSockets;
using System.Text;
using Bowline.Testing.Tunnel;
using Microsoft.AspNetCore.Builder;

namespace Bowline.Tunnel.Tests.AspNetCore;

public sealed class AppUpgradeTests
{
    [Fact]
    public async Task A_websocket_echoes_through_an_exchange()
    {
        await using var app = await AppUnderTest.StartAsync(app =>
        {
            app.UseWebSockets();
            app.Run(async context =>
            {
                using var socket = await context.WebSockets.AcceptWebSocketAsync("chat");
                var buffer = new byte[1024];
                while (await socket.ReceiveAsync(buffer, context.RequestAborted) is { MessageType: not WebSocketMessageType.Close } message)
                {
                    await socket.SendAsync(buffer.AsMemory(0, message.Count), message.MessageType, message.EndOfMessage, context.RequestAborted);
                }

                await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "bye", context.RequestAborted);
            });
        });
        using var exchange = WebSocketRequest();
        var running = exchange.RunAsync(app.Handler);
        var head = await exchange.Head.Soon();
        Assert.Equal((101, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", "chat"), (head.Status, head["Sec-WebSocket-Accept"], head["Sec-WebSocket-Protocol"]));
        using var socket = WebSocket.CreateFromStream(new TestDuplexStream(exchange), new WebSocketCreationOptions { SubProtocol = "chat" });
        for (var i = 0; i < 10; i++)
        {
            await socket.SendAsync(Encoding.UTF8.GetBytes($"message {i}"), WebSocketMessageType.Text, true, CancellationToken.None).Soon();
            var buffer = new byte[100];
            var echo = await socket.ReceiveAsync(buffer, CancellationToken.None).Soon();
            Assert.Equal($"message {i}", Encoding.UTF8.GetString(buffer, 0, echo.Count));
        }

        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "bye", CancellationToken.None).Soon();
        await running.Soon();
        Assert.Null(exchange.Failure);
    }

    [Fact]
    public async Task An_ordinary_request_is_not_upgradable()
    {
        await using var app = await AppUnderTest.StartAsync(app =>
        {
            app.UseWebSockets();
            app.MapGet("/", (Microsoft.AspNetCore.Http.HttpContext context) => context.WebSockets.IsWebSocketRequest);
        });
        Assert.Equal("false", (await app.GetAsync("/")).Body);
    }

    private static TestExchange WebSocketRequest()
    {
        var exchange = new TestExchange { UpgradeTo = "websocket" };
        exchange.RequestHeaders.Add("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
        exchange.RequestHeaders.Add("Sec-WebSocket-Version", "13");
        exchange.RequestHeaders.Add("Sec-WebSocket-Protocol", "chat");
        return exchange;
    }
}
