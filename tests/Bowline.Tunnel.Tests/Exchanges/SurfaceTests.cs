using System.Net;
using System.Net.WebSockets;
using System.Text;
using Bowline.Testing.Tunnel;
using Bowline.Tunnel.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Bowline.Tunnel.Tests.Exchanges;

/// <summary>HttpClient on one side, an ASP.NET Core app without a port on the other.</summary>
public sealed class SurfaceTests
{
    private static async Task<WebApplication> AppAsync(TunnelPair pair, Action<WebApplication> map)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseBowlineTunnel(pair.Server);
        var app = builder.Build();
        app.UseWebSockets();
        map(app);
        await app.StartAsync();
        return app;
    }

    private static HttpClient Client(TunnelPair pair) => new(new TunnelHttpHandler(pair.Client, new Resolver(pair)));

    [Fact]
    public async Task HttpClient_reaches_an_app_that_has_no_port()
    {
        await using var pair = await TunnelPair.StartAsync();
        await using var app = await AppAsync(pair, app =>
        {
            app.MapGet("/hello/{name}", (string name, HttpRequest request) => $"hello {name} for {request.Headers["Bowline-Caller"]} at {request.Host}{request.QueryString}");
            app.MapPost("/json", (Dictionary<string, int> numbers) => numbers.ToDictionary(p => p.Key, p => p.Value * 2));
        });
        using var client = Client(pair);
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://desk.bowline/hello/w%C3%B6rld?x=1") { Headers = { { "Bowline-Caller", "hub:forged" } } };
        using var response = await client.SendAsync(request);
        Assert.Equal("hello wörld for account:alice at desk.bowline?x=1", await response.Content.ReadAsStringAsync());
        using var posted = await client.PostAsync("http://desk.bowline/json", new StringContent("{\"a\":21}", Encoding.UTF8, "application/json"));
        Assert.Equal("{\"a\":42}", await posted.Content.ReadAsStringAsync());
        using var missing = await client.GetAsync("http://desk.bowline/none");
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
        Assert.Empty(await missing.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Events_arrive_one_by_one()
    {
        await using var pair = await TunnelPair.StartAsync();
        using var next = new SemaphoreSlim(0);
        await using var app = await AppAsync(pair, app => app.MapGet("/events", async (HttpContext context) =>
        {
            context.Response.ContentType = "text/event-stream";
            for (var i = 0; i < 5; i++)
            {
                await context.Response.WriteAsync($"data: {i}\n\n");
                await context.Response.Body.FlushAsync();
                await next.WaitAsync(context.RequestAborted);
            }
        }));
        using var client = Client(pair);
        using var response = await client.GetAsync("http://desk.bowline/events", HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal($"data: {i}", await reader.ReadLineAsync());
            Assert.Equal("", await reader.ReadLineAsync());
            next.Release();
        }

        Assert.Null(await reader.ReadLineAsync());
    }

    [Fact]
    public async Task WebSockets_work_end_to_end()
    {
        await using var pair = await TunnelPair.StartAsync();
        await using var app = await AppAsync(pair, app => app.Map("/ws", async (HttpContext context) =>
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync();
            var buffer = new byte[4096];
            while (true)
            {
                var received = await socket.ReceiveAsync(buffer, context.RequestAborted);
                if (received.MessageType == WebSocketMessageType.Close)
                {
                    await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "bye", default);
                    return;
                }

                await socket.SendAsync(buffer.AsMemory(0, received.Count), received.MessageType, received.EndOfMessage, default);
            }
        }));
        using var socket = new ClientWebSocket();
        using var invoker = new HttpMessageInvoker(new TunnelHttpHandler(pair.Client, new Resolver(pair)));
        await socket.ConnectAsync(new Uri("ws://desk.bowline/ws"), invoker, default);
        var buffer = new byte[4096];
        for (var i = 0; i < 10; i++)
        {
            await socket.SendAsync(Encoding.UTF8.GetBytes($"message {i}"), WebSocketMessageType.Text, true, default);
            var received = await socket.ReceiveAsync(buffer, default);
            Assert.Equal($"message {i}", Encoding.UTF8.GetString(buffer, 0, received.Count));
        }

        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "done", default);
        Assert.Equal("bye", socket.CloseStatusDescription);
    }

    [Fact]
    public async Task Trailers_and_repeated_headers_survive()
    {
        await using var pair = await TunnelPair.StartAsync();
        await using var app = await AppAsync(pair, app => app.MapGet("/", async (HttpContext context) =>
        {
            context.Response.Headers.Append("Set-Cookie", "a=1");
            context.Response.Headers.Append("Set-Cookie", "b=2");
            context.Response.Headers.Connection = "close";
            context.Response.DeclareTrailer("x-sum");
            await context.Response.WriteAsync("body");
            context.Response.AppendTrailer("x-sum", "42");
        }));
        using var client = Client(pair);
        using var response = await client.GetAsync("http://desk.bowline/");
        Assert.Equal(["a=1", "b=2"], response.Headers.GetValues("Set-Cookie"));
        Assert.False(response.Headers.Contains("Connection"));
        Assert.Equal("body", await response.Content.ReadAsStringAsync());
        Assert.Equal("42", response.TrailingHeaders.GetValues("x-sum").Single());
    }

    [Fact]
    public async Task Expect_continue_holds_the_body_back_until_it_is_wanted()
    {
        await using var pair = await TunnelPair.StartAsync(async exchange =>
        {
            if (exchange.Path == "/no")
            {
                exchange.StartResponse(413, [], 0);
                return;
            }

            await exchange.RequestBody.CopyToAsync(exchange.ResponseBody);
        });
        var uploaded = 0;
        pair.Bus.Published += message => uploaded += message.FrameType == 4 && message.Subject.Contains(".in.", StringComparison.Ordinal) ? 1 : 0;
        foreach (var (path, status, frames) in new[] { ("/no", 413, 0), ("/yes", 200, 1) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent("hello") };
            request.Headers.ExpectContinue = true;
            using var response = await pair.SendAsync(request);
            Assert.Equal(status, (int)response.StatusCode);
            Assert.Equal(status == 200 ? "hello" : "", await response.Content.ReadAsStringAsync());
            Assert.Equal(frames, uploaded);
        }
    }

    [Fact]
    public async Task A_response_shorter_than_its_length_is_an_error_and_never_a_short_body()
    {
        await using var pair = await TunnelPair.StartAsync(async exchange =>
        {
            exchange.StartResponse(200, [], 200_000);
            await exchange.ResponseBody.WriteAsync(new byte[100_000]);
        });
        using var response = await pair.GetAsync();
        Assert.Equal(200_000, response.Content.Headers.ContentLength);
        await Assert.ThrowsAsync<TunnelException>(() => response.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task A_request_body_that_fails_on_the_way_tells_both_sides()
    {
        var seen = new TaskCompletionSource<Exception?>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var pair = await TunnelPair.StartAsync(async exchange =>
        {
            seen.SetResult(await Record.ExceptionAsync(() => exchange.RequestBody.CopyToAsync(Stream.Null)));
        });
        using var request = new HttpRequestMessage(HttpMethod.Post, "/") { Content = new FailingContent() };
        var failure = await Assert.ThrowsAsync<TunnelException>(() => pair.SendAsync(request));
        Assert.Equal(TunnelError.RequestBodyFailed, failure.Error);
        Assert.IsType<TunnelException>(await seen.Task.WaitAsync(TimeSpan.FromSeconds(20)));
    }

    [Theory]
    [InlineData("HEAD", 200)]
    [InlineData("GET", 204)]
    [InlineData("GET", 304)]
    public async Task Answers_without_a_body_have_none(string method, int status)
    {
        await using var pair = await TunnelPair.StartAsync(exchange =>
        {
            exchange.StartResponse(status, [], status == 200 ? 5 : -1);
            return status == 200 ? exchange.ResponseBody.WriteAsync("hello"u8.ToArray()).AsTask() : Task.CompletedTask;
        });
        using var response = await pair.SendAsync(new(new HttpMethod(method), "/"));
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
        Assert.Equal(0, pair.Client.OpenStreams);
    }

    [Fact]
    public async Task A_head_over_64_KiB_is_refused_before_it_is_sent()
    {
        await using var pair = await TunnelPair.StartAsync(TestHandler.Hello);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.TryAddWithoutValidation("x-big", new string('a', 40_000));
        request.Headers.TryAddWithoutValidation("x-big", new string('a', 40_000));
        var failure = await Assert.ThrowsAsync<TunnelException>(() => pair.SendAsync(request));
        Assert.Equal(431, TunnelProblem.From(failure).Status);
    }

    [Theory]
    [InlineData(70_000, 431)]
    [InlineData(10, 400)]
    public async Task A_raw_bad_head_gets_an_HTTP_answer(int size, int status)
    {
        await using var pair = await TunnelPair.StartAsync(TestHandler.Hello);
        var answered = pair.Seen(static message => message.FrameType == 3);
        var writer = new HeadWriter(FrameHeader.Size);
        var head = new RequestHead { Service = size > 1000 ? "web" : "Bad Service" };
        head.Headers.Add("x-a", new string('a', size / 2));
        head.Headers.Add("x-b", new string('a', size / 2));
        HeadCodec.WriteRequest(ref writer, head);
        new FrameHeader(FrameType.Open, FrameFlags.End, 900, 0).Write(writer.Array);
        pair.Bus.Inject(new($"tunnel.v2.{pair.Device}.open", $"tunnel.v2.{pair.Device}.reply.rawclient.900", writer.Written.ToArray()));
        writer.Dispose();
        var answer = await answered;
        var response = new ResponseHead();
        Assert.Equal(HeadVerdict.Ok, HeadCodec.ReadResponse(answer.Payload.AsSpan(FrameHeader.Size + InstanceId.Size), response, out _));
        Assert.Equal(status, response.Status);
    }

    [Fact]
    public async Task Another_head_version_is_refused_by_name()
    {
        await using var pair = await TunnelPair.StartAsync(TestHandler.Hello);
        var answered = pair.Seen(static message => message.FrameType == 7);
        var writer = new HeadWriter(FrameHeader.Size);
        HeadCodec.WriteRequest(ref writer, new RequestHead());
        writer.Array[FrameHeader.Size + 4] = 2;
        new FrameHeader(FrameType.Open, FrameFlags.End, 900, 0).Write(writer.Array);
        pair.Bus.Inject(new($"tunnel.v2.{pair.Device}.open", $"tunnel.v2.{pair.Device}.reply.rawclient.900", writer.Written.ToArray()));
        writer.Dispose();
        Assert.Equal((byte)ResetCode.Version, (await answered).Payload[12]);
    }

    [Theory]
    [InlineData("GET", false, 2)]
    [InlineData("POST", false, 1)]
    [InlineData("POST", true, 2)]
    public async Task Only_requests_that_may_be_repeated_are_sent_again_after_a_lost_answer(string method, bool key, int opens)
    {
        await using var pair = await TunnelPair.StartAsync(TestHandler.Hello);
        using var client = Client(pair);
        using var warm = await client.GetAsync("http://desk.bowline/");
        var dropped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var drops = 0;
        pair.Bus.Fault = message =>
        {
            if (message.FrameType != 3 || message.StreamId == 99 || drops++ > 0)
            {
                return BusFault.None;
            }

            dropped.SetResult();
            return BusFault.Drop;
        };
        var opened = 0;
        pair.Bus.Published += message => opened += message.FrameType == 1 ? 1 : 0;
        using var request = new HttpRequestMessage(new HttpMethod(method), "http://desk.bowline/");
        if (key)
        {
            request.Headers.Add("Idempotency-Key", "k");
        }

        var sent = client.SendAsync(request);
        await dropped.Task;
        pair.ClientCarrier.Disconnect();
        pair.ClientCarrier.Reconnect();
        if (opens == 1)
        {
            Assert.Equal(TunnelError.StartUnknown, (await Assert.ThrowsAsync<TunnelException>(() => sent)).Error);
        }
        else
        {
            using var response = await sent;
            Assert.Equal(key ? HttpStatusCode.Conflict : HttpStatusCode.OK, response.StatusCode);
        }

        Assert.Equal(opens, opened);
    }

    private sealed class Resolver(TunnelPair pair) : ITunnelNodeResolver
    {
        public ValueTask<TunnelTarget?> ResolveAsync(string node, string service, CancellationToken cancellationToken) =>
            new(node == "desk" ? pair.Target(service) : null);
    }

    private sealed class FailingContent : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(new byte[10_000]);
            throw new IOException("disk gone");
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
