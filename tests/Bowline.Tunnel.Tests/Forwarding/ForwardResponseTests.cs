using System.Net.WebSockets;
using System.Text;
using Bowline.Testing.Network;
using Bowline.Testing.Tunnel;
using Bowline.Tunnel.Tests.AspNetCore;
using Microsoft.AspNetCore.Http;

namespace Bowline.Tunnel.Tests.Forwarding;

public sealed class ForwardResponseTests
{
    [Fact]
    public async Task A_small_response_is_one_start_one_write_and_one_message()
    {
        await using var upstream = await Upstream.StartAsync(context =>
        {
            context.Response.ContentLength = 5;
            return context.Response.WriteAsync("hello");
        });
        using var exchange = new TestExchange();
        var (head, body) = await upstream.AskAsync(exchange);
        Assert.Equal((200, 5L, "hello"), (head.Status, head.ContentLength, body));
        Assert.Equal((1, 1, 1), (exchange.Starts, exchange.Writes, exchange.Messages));
    }

    [Fact]
    public async Task Each_server_sent_event_is_visible_before_the_next_is_sent()
    {
        var next = new SemaphoreSlim(0);
        await using var upstream = await Upstream.StartAsync(async context =>
        {
            context.Response.ContentType = "text/event-stream";
            await context.Response.Body.FlushAsync();
            for (var i = 0; i < 3; i++)
            {
                await next.WaitAsync();
                await context.Response.WriteAsync($"data: {i}\n\n");
            }
        });
        using var exchange = new TestExchange();
        var running = exchange.RunAsync(upstream.Handler);
        Assert.Equal("text/event-stream", (await exchange.Head.Soon())["Content-Type"]);
        for (var i = 0; i < 3; i++)
        {
            next.Release();
            Assert.Equal($"data: {i}\n\n", await exchange.Download.ReadTextAsync());
        }

        await running.Soon();
        Assert.Null(exchange.Failure);
    }

    [Fact]
    public async Task Hop_by_hop_headers_end_here_and_all_others_pass_with_their_repetition()
    {
        await using var upstream = await Upstream.StartAsync(context =>
        {
            context.Response.StatusCode = 299;
            context.Response.Headers.Connection = "X-Private";
            context.Response.Headers["X-Private"] = "1";
            context.Response.Headers["Keep-Alive"] = "timeout=5";
            context.Response.Headers["Proxy-Authenticate"] = "Basic";
            context.Response.Headers.Append("Set-Cookie", "a=1; Path=/");
            context.Response.Headers.Append("Set-Cookie", "b=2");
            context.Response.Headers.Location = "/elsewhere?x=%2F";
            context.Response.Headers.ContentEncoding = "gzip";
            return context.Response.WriteAsync("not really gzip");
        });
        var (head, body) = await upstream.GetAsync("/");
        Assert.Equal((299, "not really gzip", "gzip", "/elsewhere?x=%2F"), (head.Status, body, head["Content-Encoding"], head["Location"]));
        Assert.Equal(["a=1; Path=/", "b=2"], head.All("Set-Cookie"));
        foreach (var name in (string[])["Connection", "X-Private", "Keep-Alive", "Proxy-Authenticate", "Transfer-Encoding", "Content-Length"])
        {
            Assert.Null(head[name]);
        }
    }

    [Theory]
    [InlineData("GET", 302)]
    [InlineData("GET", 204)]
    [InlineData("GET", 304)]
    [InlineData("HEAD", 200)]
    public async Task Redirects_and_responses_without_a_body_pass_as_they_are(string method, int status)
    {
        await using var upstream = await Upstream.StartAsync(context =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.Location = "http://127.0.0.1:1/";
            context.Response.Headers.SetCookie = "a=1";
            if (method == "HEAD")
            {
                context.Response.ContentLength = 1234;
            }

            return Task.CompletedTask;
        });
        var (head, body) = await upstream.AskAsync(new TestExchange(method));
        Assert.Equal((status, "", "a=1", method == "HEAD" ? 1234 : 0), (head.Status, body, head["Set-Cookie"], head.ContentLength));
        (head, _) = await upstream.AskAsync(new TestExchange(method));
        Assert.Equal("a=1", head["Set-Cookie"]);
    }

    [Fact]
    public async Task Trailers_follow_the_body()
    {
        await using var upstream = new RawUpstream(connection => connection.AnswerAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\nX-Sum: 42\r\n\r\n"));
        using var handler = new ForwardHandler(upstream.Address);
        using var exchange = new TestExchange();
        Assert.Equal("x", (await Upstream.AskAsync(handler, exchange)).Body);
        Assert.Equal([new KeyValuePair<string, string>("X-Sum", "42")], exchange.ResponseTrailers);
    }

    [Fact]
    public async Task A_big_head_passes_up_to_the_limit_and_is_refused_above()
    {
        await using var upstream = await Upstream.StartAsync(context =>
        {
            for (var i = 0; i < (context.Request.Path == "/big" ? 1000 : 300); i++)
            {
                context.Response.Headers[$"X-H{i}"] = new string('v', 100);
            }

            return Task.CompletedTask;
        });
        var (head, _) = await upstream.GetAsync("/");
        Assert.Equal(new string('v', 100), head["X-H299"]);
        (head, var body) = await upstream.GetAsync("/big");
        Assert.Equal(502, head.Status);
        Assert.Contains("urn:bowline:forward:response_head_too_large", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_websocket_echoes_and_its_subprotocol_passes()
    {
        await using var upstream = await Upstream.StartAsync(async context =>
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync("chat");
            var buffer = new byte[1024];
            while (await socket.ReceiveAsync(buffer, CancellationToken.None) is { MessageType: not WebSocketMessageType.Close } message)
            {
                await socket.SendAsync(buffer.AsMemory(0, message.Count), message.MessageType, message.EndOfMessage, CancellationToken.None);
            }

            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "bye", CancellationToken.None);
        });
        using var exchange = new TestExchange { UpgradeTo = "websocket" };
        exchange.RequestHeaders.Add("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
        exchange.RequestHeaders.Add("Sec-WebSocket-Version", "13");
        exchange.RequestHeaders.Add("Sec-WebSocket-Protocol", "chat");
        var running = exchange.RunAsync(upstream.Handler);
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
    public async Task An_upgrade_that_the_service_refuses_is_an_ordinary_response()
    {
        await using var upstream = await Upstream.StartAsync(context =>
        {
            context.Response.StatusCode = 403;
            return context.Response.WriteAsync("no");
        });
        using var exchange = new TestExchange { UpgradeTo = "websocket" };
        var (head, body) = await upstream.AskAsync(exchange);
        Assert.Equal((403, "no"), (head.Status, body));
    }
}
