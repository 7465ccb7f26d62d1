using System.Text;
using Bowline.Testing.Tunnel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Bowline.Tunnel.Tests.AspNetCore;

public sealed class AppResponseTests
{
    [Fact]
    public async Task A_small_response_is_one_start_and_one_write_and_one_message()
    {
        await using var app = await AppUnderTest.StartAsync(app => app.MapGet("/", () => "hello"));
        using var exchange = new TestExchange();
        var (head, body) = await app.AskAsync(exchange);
        Assert.Equal((200, "hello", 5L), (head.Status, body, head.ContentLength));
        Assert.Equal("text/plain; charset=utf-8", head["Content-Type"]);
        Assert.Equal((1, 1, 1), (exchange.Starts, exchange.Writes, exchange.Messages));
    }

    [Fact]
    public async Task A_small_json_response_is_one_write()
    {
        await using var app = await AppUnderTest.StartAsync(app => app.Run(context => context.Response.WriteAsJsonAsync(Enumerable.Range(0, 100).ToArray())));
        using var exchange = new TestExchange();
        var (head, body) = await app.AskAsync(exchange);
        Assert.Equal(200, head.Status);
        Assert.StartsWith("[0,1,2", body, StringComparison.Ordinal);
        Assert.Equal((1, 1, 1), (exchange.Starts, exchange.Writes, exchange.Messages));
    }

    [Fact]
    public async Task Headers_keep_their_repetition_and_order()
    {
        await using var app = await AppUnderTest.StartAsync(app => app.MapGet("/", (HttpContext context) =>
        {
            context.Response.Headers["X-A"] = "1";
            context.Response.Headers.Append("Set-Cookie", "a=1");
            context.Response.Headers.Append("Set-Cookie", "b=2");
            context.Response.Headers["X-B"] = "2";
            return Results.StatusCode(202);
        }));
        var (head, _) = await app.GetAsync("/");
        Assert.Equal(202, head.Status);
        Assert.Equal(["X-A", "Set-Cookie", "Set-Cookie", "X-B"], head.Headers.Select(pair => pair.Key));
        Assert.Equal(["a=1", "b=2"], head.All("set-cookie"));
    }

    [Fact]
    public async Task Callbacks_run_last_in_first_out_and_may_still_change_the_head()
    {
        var order = new List<string>();
        await using var app = await AppUnderTest.StartAsync(app => app.Run(async context =>
        {
            context.Response.OnStarting(() =>
            {
                order.Add("starting 1");
                context.Response.Headers["X-Late"] = "yes";
                return Task.CompletedTask;
            });
            context.Response.OnStarting(() =>
            {
                order.Add("starting 2");
                return Task.CompletedTask;
            });
            context.Response.OnCompleted(() =>
            {
                order.Add("completed 1");
                return Task.CompletedTask;
            });
            context.Response.OnCompleted(() => throw new InvalidOperationException("a callback that fails"));
            await context.Response.WriteAsync("x");
            order.Add("written");
            Assert.True(context.Response.HasStarted);
            Assert.Throws<InvalidOperationException>(() => context.Response.StatusCode = 500);
            Assert.Throws<InvalidOperationException>(() => context.Response.Headers["X-Too-Late"] = "no");
        }));
        var (head, body) = await app.GetAsync("/");
        Assert.Equal(("x", "yes"), (body, head["X-Late"]));
        Assert.Equal(["starting 2", "starting 1", "written", "completed 1"], order);
    }

    [Fact]
    public async Task What_is_written_before_the_app_waits_leaves_at_once()
    {
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var app = await AppUnderTest.StartAsync(app => app.Run(async context =>
        {
            await context.Response.WriteAsync("first");
            await go.Task;
            await context.Response.WriteAsync("second");
            await go.Task;
        }));
        using var exchange = new TestExchange();
        var running = exchange.RunAsync(app.Handler);
        Assert.Equal(200, (await exchange.Head.Soon()).Status);
        Assert.Equal("first", await exchange.Download.ReadTextAsync());
        go.SetResult();
        Assert.Equal("second", await exchange.Download.ReadTextAsync());
        await running.Soon();
        Assert.Null(exchange.Failure);
    }

    [Fact]
    public async Task A_head_alone_leaves_when_the_app_starts_it_and_waits()
    {
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var app = await AppUnderTest.StartAsync(app => app.Run(async context =>
        {
            context.Response.ContentType = "text/event-stream";
            await context.Response.Body.FlushAsync();
            await go.Task;
        }));
        using var exchange = new TestExchange();
        var running = exchange.RunAsync(app.Handler);
        Assert.Equal("text/event-stream", (await exchange.Head.Soon())["content-type"]);
        go.SetResult();
        await running.Soon();
        Assert.Equal(-1, (await exchange.Head).ContentLength);
    }

    [Fact]
    public async Task Each_server_sent_event_is_visible_before_the_next_is_sent()
    {
        var next = new SemaphoreSlim(0);
        await using var app = await AppUnderTest.StartAsync(app => app.MapGet("/clock", (CancellationToken cancel) => TypedResults.ServerSentEvents(Events(cancel))));
        using var exchange = new TestExchange("GET", "/clock");
        var running = exchange.RunAsync(app.Handler);
        for (var i = 0; i < 3; i++)
        {
            next.Release();
            Assert.Equal($"data: tick {i}\n\n", await exchange.Download.ReadTextAsync());
        }

        next.Release();
        await running.Soon();

        async IAsyncEnumerable<string> Events([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
        {
            for (var i = 0; i < 3; i++)
            {
                await next.WaitAsync(cancel);
                yield return $"tick {i}";
            }

            await next.WaitAsync(cancel);
        }
    }

    [Theory]
    [InlineData("GET", 204, 0L)]
    [InlineData("GET", 304, 0L)]
    [InlineData("HEAD", 200, 5L)]
    public async Task A_response_that_has_no_body_sends_none(string method, int status, long length)
    {
        await using var app = await AppUnderTest.StartAsync(app => app.Run(async context =>
        {
            context.Response.StatusCode = status;
            if (method == "HEAD")
            {
                context.Response.ContentLength = 5;
                await context.Response.WriteAsync("hello");
            }
        }));
        using var exchange = new TestExchange(method);
        var (head, body) = await app.AskAsync(exchange);
        Assert.Equal((status, length, ""), (head.Status, head.ContentLength, body));
        Assert.Equal((0, 1), (exchange.Writes, exchange.Starts));
    }

    [Fact]
    public async Task A_body_where_none_may_be_is_the_apps_error()
    {
        await using var app = await AppUnderTest.StartAsync(app => app.Run(async context =>
        {
            context.Response.StatusCode = 204;
            await context.Response.WriteAsync("no");
        }));
        var (head, _) = await app.GetAsync("/");
        Assert.Equal(500, head.Status);
    }

    [Fact]
    public async Task A_body_longer_than_its_length_is_refused_and_a_shorter_one_cut()
    {
        await using var app = await AppUnderTest.StartAsync(app => app.Run(async context =>
        {
            context.Response.ContentLength = 5;
            await context.Response.WriteAsync(context.Request.Path == "/long" ? "123456" : "1234");
        }));
        var (head, _) = await app.GetAsync("/long");
        Assert.Equal(500, head.Status);
        using var exchange = new TestExchange("GET", "/short");
        await exchange.RunAsync(app.Handler).Soon();
        Assert.Equal(TunnelError.BodyLengthMismatch, exchange.Failure);
    }

    [Fact]
    public async Task Trailers_follow_the_body()
    {
        await using var app = await AppUnderTest.StartAsync(app => app.Run(async context =>
        {
            await context.Response.WriteAsync("x");
            context.Response.AppendTrailer("X-Sum", "42");
        }));
        using var exchange = new TestExchange();
        _ = await app.AskAsync(exchange);
        Assert.Equal([new KeyValuePair<string, string>("X-Sum", "42")], exchange.ResponseTrailers);
    }

    [Fact]
    public async Task Many_writes_of_every_size_arrive_in_order()
    {
        var sizes = new[] { 1, 10, 5000, 70_000, 3, 40_000, 200_000, 1 };
        await using var app = await AppUnderTest.StartAsync(app => app.Run(async context =>
        {
            for (var i = 0; i < sizes.Length; i++)
            {
                var piece = Enumerable.Repeat((byte)('a' + i), sizes[i]).ToArray();
                switch (i % 3)
                {
                    case 0:
                        await context.Response.Body.WriteAsync(piece);
                        break;
                    case 1:
                        await context.Response.BodyWriter.WriteAsync(piece);
                        break;
                    default:
                        piece.CopyTo(context.Response.BodyWriter.GetSpan(piece.Length));
                        context.Response.BodyWriter.Advance(piece.Length);
                        break;
                }
            }
        }));
        var (_, body) = await app.GetAsync("/");
        var expected = string.Concat(sizes.Select((size, i) => new string((char)('a' + i), size)));
        Assert.Equal(expected, body);
    }

    [Fact]
    public async Task A_file_is_sent_and_completing_sends_what_is_there()
    {
        var path = Path.GetTempFileName();
        await File.WriteAllTextAsync(path, "from a file");
        await using var app = await AppUnderTest.StartAsync(app => app.Run(async context =>
        {
            await context.Response.SendFileAsync(path);
            await context.Features.GetRequiredFeature<IHttpResponseBodyFeature>().CompleteAsync();
            await Assert.ThrowsAsync<InvalidOperationException>(() => context.Response.WriteAsync("more"));
        }));
        var (head, body) = await app.GetAsync("/");
        File.Delete(path);
        Assert.Equal((200, "from a file"), (head.Status, body));
    }

    [Fact]
    public async Task Synchronous_writes_are_refused_as_in_kestrel()
    {
        await using var app = await AppUnderTest.StartAsync(app => app.Run(context =>
        {
            Assert.Throws<InvalidOperationException>(() => context.Response.Body.Write(Encoding.UTF8.GetBytes("x")));
            return Task.CompletedTask;
        }));
        var (head, _) = await app.GetAsync("/");
        Assert.Equal(200, head.Status);
    }
}
