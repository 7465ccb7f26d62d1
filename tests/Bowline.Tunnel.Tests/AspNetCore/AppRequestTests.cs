using System.Security.Cryptography;
using System.Text;
using Bowline.Testing.Tunnel;
using Bowline.Tunnel.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Bowline.Tunnel.Tests.AspNetCore;

public sealed class AppRequestTests
{
    [Fact]
    public async Task The_app_sees_who_asks_and_no_header_can_say_otherwise()
    {
        await using var app = await AppUnderTest.StartAsync(app => app.Run(context =>
        {
            var feature = context.Features.GetRequiredFeature<ITunnelFeature>();
            return context.Response.WriteAsync($"{context.Request.Headers[TunnelCaller.HeaderName]} {feature.Caller} {feature.Service}");
        }));
        using var exchange = new TestExchange { CallerIs = TunnelCaller.Account("bob"), ServiceName = "web" };
        exchange.RequestHeaders.Add("bowline-caller", "hub:evil");
        var (_, body) = await app.AskAsync(exchange);
        Assert.Equal("account:bob account:bob web", body);
    }

    [Theory]
    [InlineData("/a/b?x=1&y=%20", "/a/b", "?x=1&y=%20")]
    [InlineData("/a%20b/%C3%A4", "/a b/ä", "")]
    [InlineData("/a%2Fb//c", "/a%2Fb//c", "")]
    [InlineData("/a/../b/./c", "/b/c", "")]
    [InlineData("/../../etc", "/etc", "")]
    [InlineData("/a/%2e%2e/b/..", "/", "")]
    [InlineData("/.hidden/..x", "/.hidden/..x", "")]
    [InlineData("*", "", "")]
    public async Task The_target_is_split_and_decoded_as_kestrel_does(string target, string path, string query)
    {
        (string, string, string) seen = default;
        await using var app = await AppUnderTest.StartAsync(app => app.Run(context =>
        {
            seen = (context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget, context.Request.Path.Value!, context.Request.QueryString.Value!);
            return Task.CompletedTask;
        }));
        using var exchange = new TestExchange("OPTIONS", target);
        _ = await app.AskAsync(exchange);
        Assert.Equal((target, path, query), seen);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("/a%00b")]
    public async Task A_target_that_is_none_is_answered_400(string target)
    {
        await using var app = await AppUnderTest.StartAsync(app => app.Run(_ => throw new InvalidOperationException("must not run")));
        var (head, body) = await app.GetAsync(target);
        Assert.Equal((400, TunnelProblem.ContentType), (head.Status, head["Content-Type"]));
        Assert.Contains("urn:bowline:app:request_invalid", body, StringComparison.Ordinal);
    }

    [Fact]
    public void No_target_makes_the_split_throw_or_leave_the_root()
    {
        var random = new Random(7);
        var pieces = new[] { "/", ".", "..", "%", "%2", "%2e", "%2f", "%00", "?", "#", "a", "ä", "\\", "%c3%28", "//", "*", "%E0%80%AF" };
        for (var i = 0; i < 20_000; i++)
        {
            var target = "/" + string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => pieces[random.Next(pieces.Length)]));
            if (RequestTarget.TrySplit(target, out var path, out var query))
            {
                Assert.StartsWith("/", path, StringComparison.Ordinal);
                Assert.DoesNotContain("/../", path + "/", StringComparison.Ordinal);
                Assert.True(query.Length == 0 || query[0] == '?');
            }
        }
    }

    [Fact]
    public async Task Repeated_headers_and_a_big_head_arrive_whole()
    {
        var cookies = new List<string>();
        var count = 0;
        await using var app = await AppUnderTest.StartAsync(app => app.Run(context =>
        {
            cookies.AddRange(context.Request.Headers["X-Many"]!);
            count = context.Request.Headers.Count;
            return Task.CompletedTask;
        }));
        using var exchange = new TestExchange();
        exchange.RequestHeaders.Add("X-Many", "1");
        exchange.RequestHeaders.Add("x-many", "2");
        for (var i = 0; i < 500; i++)
        {
            exchange.RequestHeaders.Add($"X-H{i}", new string('v', 100));
        }

        exchange.RequestHeaders.Add("X-MANY", "3");
        _ = await app.AskAsync(exchange);
        Assert.Equal(["1", "2", "3"], cookies);
        Assert.Equal(502, count);
    }

    [Fact]
    public async Task A_large_upload_streams_under_back_pressure()
    {
        const int size = 64 * 1024 * 1024;
        var hash = "";
        await using var app = await AppUnderTest.StartAsync(app => app.Run(async context =>
        {
            hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(context.Request.Body));
            Assert.Equal(size, context.Request.ContentLength);
        }));
        using var exchange = new TestExchange("POST") { BodyLength = size };
        var running = exchange.RunAsync(app.Handler);
        var block = Payload.Create(32 * 1024);
        using var expected = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var i = 0; i < size / block.Length; i++)
        {
            await exchange.Upload.WriteAsync(block).AsTask().Soon();
            expected.AppendData(block);
        }

        await exchange.Upload.CompleteAsync();
        await running.Soon();
        Assert.Equal(Convert.ToHexStringLower(expected.GetHashAndReset()), hash);
    }

    [Fact]
    public async Task A_body_over_the_limit_is_answered_413()
    {
        await using var app = await AppUnderTest.StartAsync(
            app => app.Run(context => context.Request.Body.CopyToAsync(Stream.Null)), options => options.MaxRequestBodySize = 10);
        using var announced = new TestExchange("POST") { BodyLength = 11 };
        var (head, body) = await app.AskAsync(announced, new byte[11]);
        Assert.Equal(413, head.Status);
        Assert.Contains("urn:bowline:app:request_body_too_large", body, StringComparison.Ordinal);
        using var unannounced = new TestExchange("POST") { BodyLength = -1 };
        (head, _) = await app.AskAsync(unannounced, new byte[11]);
        Assert.Equal(413, head.Status);
        using var fits = new TestExchange("POST") { BodyLength = 10 };
        (head, _) = await app.AskAsync(fits, new byte[10]);
        Assert.Equal(200, head.Status);
    }

    [Fact]
    public async Task Json_is_bound_and_malformed_json_is_answered_400()
    {
        await using var app = await AppUnderTest.StartAsync(app => app.Run(async context =>
        {
            try
            {
                var numbers = await context.Request.ReadFromJsonAsync<int[]>();
                await context.Response.WriteAsync(numbers!.Sum().ToString(System.Globalization.CultureInfo.InvariantCulture));
            }
            catch (System.Text.Json.JsonException e)
            {
                throw new BadHttpRequestException("not json", e);
            }
        }));
        using var good = Json();
        Assert.Equal("6", (await app.AskAsync(good, "[1,2,3]"u8.ToArray())).Body);
        using var bad = Json();
        Assert.Equal(400, (await app.AskAsync(bad, "[1,2"u8.ToArray())).Head.Status);

        static TestExchange Json()
        {
            var exchange = new TestExchange("POST") { BodyLength = -1 };
            exchange.RequestHeaders.Add("Content-Type", "application/json");
            return exchange;
        }
    }

    [Fact]
    public async Task Request_trailers_come_after_the_body()
    {
        var trailer = "";
        await using var app = await AppUnderTest.StartAsync(app => app.Run(async context =>
        {
            Assert.True(context.Request.SupportsTrailers());
            Assert.False(context.Request.CheckTrailersAvailable());
            await context.Request.Body.CopyToAsync(Stream.Null);
            trailer = context.Request.GetTrailer("X-Sum");
        }));
        using var exchange = new TestExchange("POST") { BodyLength = -1 };
        exchange.RequestTrailers.Add("X-Sum", "42");
        var (head, _) = await app.AskAsync(exchange, "body"u8.ToArray());
        Assert.Equal((200, "42"), (head.Status, trailer));
    }

    [Fact]
    public async Task A_caller_that_gives_up_is_noticed_at_once()
    {
        var noticed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var reading = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Exception? seen = null;
        await using var app = await AppUnderTest.StartAsync(app => app.Run(async context =>
        {
            context.RequestAborted.Register(noticed.SetResult);
            reading.SetResult();
            seen = await Record.ExceptionAsync(() => context.Request.Body.CopyToAsync(Stream.Null));
        }));
        using var exchange = new TestExchange("POST") { BodyLength = -1 };
        var running = exchange.RunAsync(app.Handler);
        await reading.Task.Soon();
        exchange.CancelByCaller();
        await noticed.Task.WaitAsync(TimeSpan.FromSeconds(1));
        await running.Soon();
        Assert.IsAssignableFrom<IOException>(seen);
    }

    [Fact]
    public async Task Nothing_of_one_request_is_left_in_the_next()
    {
        await using var app = await AppUnderTest.StartAsync(app =>
        {
            app.Use((context, next) =>
            {
                Assert.Empty(context.Items);
                Assert.Empty(context.Response.Headers);
                Assert.Null(context.Features.Get<string>());
                Assert.Equal(context.Request.Query["n"], context.Request.Headers["X-N"]);
                context.Items["left"] = true;
                context.Features.Set("left");
                context.Response.Headers["X-Left"] = context.Request.Query["n"];
                return next(context);
            });
            app.MapPost("/{name}", (string name, HttpContext context) => $"{name} {context.TraceIdentifier}");
        });
        for (var i = 0; i < 50; i++)
        {
            using var exchange = new TestExchange("POST", $"/name{i}?n={i}") { BodyLength = i % 2 == 0 ? 0 : -1 };
            exchange.RequestHeaders.Add("X-N", $"{i}");
            var (head, body) = await app.AskAsync(exchange, i % 2 == 0 ? null : Encoding.UTF8.GetBytes("unread"));
            Assert.Equal((200, $"name{i} {exchange.TraceId}", $"{i}"), (head.Status, body, head["X-Left"]));
        }
    }
}
