using System.Security.Cryptography;
using Bowline.Testing.Tunnel;
using Bowline.Tunnel.Tests.AspNetCore;
using Bowline.Tunnel.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Bowline.Tunnel.Tests.Forwarding;

public sealed class ForwardRequestTests
{
    [Theory]
    [InlineData("/")]
    [InlineData("/a%2Fb//c/../d/./e?x=%20&y=a+b&z=/../")]
    [InlineData("//double//slash")]
    [InlineData("/@evil.example/x")]
    [InlineData("/a#b")]
    [InlineData("/?")]
    [InlineData("/%zz%")]
    [InlineData("/a\\b|c{d}\"<>")]
    public async Task The_path_reaches_the_service_unchanged(string path)
    {
        await using var upstream = await Upstream.StartAsync(context => context.Response.WriteAsync(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget));
        Assert.Equal(path, (await upstream.GetAsync(path)).Body);
    }

    [Fact]
    public async Task A_path_of_the_target_goes_first_and_letters_beyond_ascii_are_encoded()
    {
        await using var upstream = await Upstream.StartAsync(context => context.Response.WriteAsync(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget));
        using var handler = new ForwardHandler(new Uri(upstream.Address, "/base/"));
        Assert.Equal("/base/%C3%A4?q", (await Upstream.AskAsync(handler, new TestExchange("GET", "/ä?q"))).Body);
    }

    [Theory]
    [InlineData("GET", "*")]
    [InlineData("GET", "http://evil.example/")]
    [InlineData("GET", "/a b")]
    [InlineData("GET", "/a\r\nX: y")]
    [InlineData("CONNECT", "/")]
    [InlineData("BAD METHOD", "/")]
    public async Task What_http_cannot_say_is_answered_400(string method, string path)
    {
        await using var upstream = await Upstream.StartAsync(_ => throw new InvalidOperationException("must not be asked"));
        var (head, body) = await upstream.AskAsync(new TestExchange(method, path));
        Assert.Equal((400, TunnelProblem.ContentType), (head.Status, head["Content-Type"]));
        Assert.Contains("urn:bowline:forward:request_invalid", body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("X-A\r\nX-Evil", "1")]
    [InlineData("X-A", "1\r\nX-Evil: 1")]
    [InlineData("X A", "1")]
    [InlineData("", "1")]
    [InlineData("X-A", "a\0b")]
    public async Task A_hostile_header_never_reaches_the_service(string name, string value)
    {
        await using var upstream = await Upstream.StartAsync(_ => throw new InvalidOperationException("must not be asked"));
        var exchange = new TestExchange();
        exchange.RequestHeaders.Add(name, value);
        Assert.Equal(400, (await upstream.AskAsync(exchange)).Head.Status);
    }

    [Fact]
    public async Task Headers_of_the_hop_and_claims_about_the_caller_are_replaced()
    {
        var seen = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        await using var upstream = await Upstream.StartAsync(context =>
        {
            foreach (var (name, value) in context.Request.Headers)
            {
                seen[name] = value.ToString();
            }

            return Task.CompletedTask;
        });
        var exchange = new TestExchange { CallerIs = TunnelCaller.Account("a@b") };
        (string, string)[] sent =
        [
            ("Host", "web.desk.example:7701"), ("Connection", "close, X-Private"), ("X-Private", "1"), ("Keep-Alive", "timeout=5"), ("TE", "trailers"), ("Proxy-Authorization", "Basic x"),
            ("Upgrade", "h2c"), ("Bowline-Caller", "hub:evil"), ("Forwarded", "for=evil"), ("X-Forwarded-For", "6.6.6.6"), ("Cookie", "a=1"), ("Cookie", "b=2"), ("X-Many", "1"), ("X-Many", "2"),
            ("User-Agent", "odd (agent"), ("Accept", "not/a/type;;"), ("If-Modified-Since", "yesterday"), ("Content-Type", "???"), ("X-Text", "häßlich"),
        ];
        foreach (var (name, value) in sent)
        {
            exchange.RequestHeaders.Add(name, value);
        }

        Assert.Equal(200, (await upstream.AskAsync(exchange)).Head.Status);
        Assert.Equal(upstream.Address.Authority, seen["Host"]);
        Assert.Equal("account:a@b", seen["Bowline-Caller"]);
        Assert.Equal("for=_account.a-b;host=\"web.desk.example:7701\"", seen["Forwarded"]);
        Assert.Equal(("a=1; b=2", "1, 2", "odd (agent", "not/a/type;;"), (seen["Cookie"], seen["X-Many"].Replace("1,2", "1, 2", StringComparison.Ordinal), seen["User-Agent"], seen["Accept"]));
        Assert.Equal(("yesterday", "???", "häßlich"), (seen["If-Modified-Since"], seen["Content-Type"], seen["X-Text"]));
        Assert.DoesNotContain(seen.Keys, name => name is "X-Private" or "Keep-Alive" or "TE" or "Proxy-Authorization" or "Upgrade" or "X-Forwarded-For" or "Connection" or "traceparent");
    }

    [Fact]
    public async Task The_options_decide_about_host_and_forwarded()
    {
        await using var upstream = await Upstream.StartAsync(
            context => context.Response.WriteAsync($"{context.Request.Host} {context.Request.Headers["Forwarded"]}"),
            new ForwardOptions { KeepCallerHost = true, KeepForwarded = true, PublicHost = "h", PublicProto = "https" });
        var exchange = new TestExchange();
        exchange.RequestHeaders.Add("Host", "web.example");
        exchange.RequestHeaders.Add("Forwarded", "for=1.2.3.4");
        Assert.Equal("web.example for=1.2.3.4, for=_account.alice;host=h;proto=https", (await upstream.AskAsync(exchange)).Body);
        using var named = new ForwardHandler(upstream.Address, new ForwardOptions { Host = "other.example" });
        Assert.StartsWith("other.example for=", (await Upstream.AskAsync(named, new TestExchange())).Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_large_upload_is_streamed_with_its_length_or_chunked(bool known)
    {
        const int size = 64 * 1024 * 1024;
        await using var upstream = await Upstream.StartAsync(async context =>
        {
            Assert.Equal(known ? size : null, context.Request.ContentLength);
            await context.Response.WriteAsync(Convert.ToHexStringLower(await SHA256.HashDataAsync(context.Request.Body)));
        });
        using var exchange = new TestExchange("PUT") { BodyLength = known ? size : -1 };
        var asking = upstream.AskAsync(exchange);
        var block = Payload.Create(64 * 1024);
        using var expected = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var i = 0; i < size / block.Length; i++)
        {
            await exchange.Upload.WriteAsync(block).AsTask().Soon();
            expected.AppendData(block);
        }

        await exchange.Upload.CompleteAsync();
        Assert.Equal(Convert.ToHexStringLower(expected.GetHashAndReset()), (await asking).Body);
    }

    [Fact]
    public async Task Each_piece_of_a_request_body_reaches_the_service_before_the_next_is_sent()
    {
        var pieces = System.Threading.Channels.Channel.CreateUnbounded<string>();
        await using var upstream = await Upstream.StartAsync(async context =>
        {
            var buffer = new byte[100];
            while (await context.Request.Body.ReadAsync(buffer) is > 0 and var size)
            {
                await pieces.Writer.WriteAsync(System.Text.Encoding.UTF8.GetString(buffer, 0, size));
            }
        });
        using var exchange = new TestExchange("POST") { BodyLength = -1 };
        var asking = upstream.AskAsync(exchange);
        foreach (var piece in (string[])["one", "two", "three"])
        {
            await exchange.Upload.WriteAsync(System.Text.Encoding.UTF8.GetBytes(piece));
            Assert.Equal(piece, await pieces.Reader.ReadAsync().AsTask().Soon());
        }

        await exchange.Upload.CompleteAsync();
        Assert.Equal(200, (await asking).Head.Status);
    }

    [Fact]
    public async Task A_service_may_refuse_an_expected_body_before_it_is_sent()
    {
        await using var upstream = await Upstream.StartAsync(context =>
        {
            context.Response.StatusCode = 403;
            context.Response.Headers.Connection = "close";
            return Task.CompletedTask;
        }, new ForwardOptions { ContinueTimeout = TimeSpan.FromSeconds(15) });
        // Above 1 KiB: shorter bodies are sent to a refusing service anyway, to keep the connection.
        using var exchange = new TestExchange("POST") { BodyLength = 5000 };
        exchange.RequestHeaders.Add("Expect", "100-continue");
        Assert.Equal(403, (await upstream.AskAsync(exchange)).Head.Status);
    }

    [Fact]
    public async Task An_expected_body_is_sent_when_the_service_wants_it()
    {
        await using var upstream = await Upstream.StartAsync(
            async context => await context.Request.Body.CopyToAsync(context.Response.Body), new ForwardOptions { ContinueTimeout = TimeSpan.FromSeconds(15) });
        using var exchange = new TestExchange("POST") { BodyLength = 5 };
        exchange.RequestHeaders.Add("Expect", "100-continue");
        Assert.Equal("hello", (await upstream.AskAsync(exchange, "hello"u8.ToArray())).Body);
    }
}
