using System.Net.Security;
using Bowline.Testing.Network;
using Bowline.Testing.Time;
using Bowline.Testing.Tunnel;
using Bowline.Tunnel.Tests.AspNetCore;
using Microsoft.AspNetCore.Http;

namespace Bowline.Tunnel.Tests.Forwarding;

public sealed class ForwardFailureTests
{
    [Fact]
    public async Task Nobody_listening_is_502_refused()
    {
        using var handler = new ForwardHandler(RawUpstream.Nobody());
        await ExpectAsync(handler, 502, "refused");
    }

    [Fact]
    public async Task An_unknown_name_is_502_name_unknown()
    {
        using var handler = new ForwardHandler(new Uri("http://no-such-host.invalid/"));
        await ExpectAsync(handler, 502, "name_unknown");
    }

    [Theory]
    [InlineData("", "connection_lost")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-", "connection_lost")]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n\r\n", "response_invalid")]
    [InlineData("HTTP/1.1 200 OK\r\nbroken header\r\n\r\n", "response_invalid")]
    [InlineData("HTTP/1.1 600 Odd\r\nContent-Length: 0\r\n\r\n", "response_invalid")]
    [InlineData("HTTP/1.1 999 Odd\r\nContent-Length: 4\r\n\r\nodd!", "response_invalid")]
    [InlineData("HTTP/1.1 099 Odd\r\nContent-Length: 0\r\n\r\n", "response_invalid")]
    [InlineData("HTTP/1.1 1000 Odd\r\nContent-Length: 0\r\n\r\n", "response_invalid")]
    [InlineData("HTTP/1.1 20 Odd\r\nContent-Length: 0\r\n\r\n", "response_invalid")]
    [InlineData("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n", "connection_lost")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", "response_invalid")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: -4\r\n\r\nabcd", "response_invalid")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\nabcd", "response_invalid")]
    [InlineData("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n", "upgrade_invalid")]
    public async Task An_answer_that_is_none_is_502(string answer, string code)
    {
        await using var upstream = new RawUpstream(connection => connection.AnswerAsync(answer));
        using var handler = new ForwardHandler(upstream.Address);
        await ExpectAsync(handler, 502, code);
    }

    [Theory]
    [InlineData("Content-Length: 100\r\n\r\nhalf", "", false)]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n", "", false)]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n", "zz\r\n", false)]
    [InlineData("Content-Length: 100\r\n\r\nhalf", "", true)]
    [InlineData("X-No: length\r\n\r\nhalf", "", true)]
    public async Task A_body_that_breaks_off_is_an_abort_and_never_a_short_body(string answer, string rest, bool reset)
    {
        var read = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var upstream = new RawUpstream(async connection =>
        {
            _ = await connection.ReadHeadAsync();
            await connection.SendAsync("HTTP/1.1 200 OK\r\n" + answer);
            await read.Task;
            if (reset)
            {
                connection.Reset();
            }
            else
            {
                await connection.SendAsync(rest);
            }
        });
        using var handler = new ForwardHandler(upstream.Address);
        using var exchange = new TestExchange();
        var running = exchange.RunAsync(handler);
        Assert.Equal(200, (await exchange.Head.Soon()).Status);
        Assert.Equal("half", await exchange.Download.ReadTextAsync());
        read.SetResult();
        var failure = await Assert.ThrowsAsync<TunnelException>(() => exchange.Download.ReadTextAsync());
        await running.Soon();
        Assert.Equal((TunnelError.ResponseAborted, TunnelError.ResponseAborted), (failure.Error, exchange.Failure));
    }

    [Fact]
    public async Task A_certificate_that_is_not_trusted_or_for_another_name_is_refused()
    {
        using var own = Upstream.Certificate("localhost");
        using var other = Upstream.Certificate("other.example");
        await using var named = await Upstream.StartAsync(context => context.Response.WriteAsync("secure"), certificate: own, host: "localhost");
        await using var misnamed = await Upstream.StartAsync(context => context.Response.WriteAsync("secure"), certificate: other, host: "localhost");
        await ExpectAsync(named.Handler, 502, "certificate_rejected");
        await ExpectAsync(misnamed.Handler, 502, "certificate_rejected");

        // A chain that is trusted by other means does not make the name right.
        var options = new ForwardOptions { CertificateCheck = static (_, _, _, errors) => !errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch) };
        using var trusting = new ForwardHandler(named.Address, options);
        Assert.Equal("secure", (await Upstream.AskAsync(trusting, new TestExchange())).Body);
        using var mistrusting = new ForwardHandler(misnamed.Address, options);
        await ExpectAsync(mistrusting, 502, "certificate_rejected");
    }

    [Fact]
    public async Task A_service_without_tls_is_502_tls_failed_and_a_silent_one_504_connect_timeout()
    {
        await using var plain = new RawUpstream(connection => connection.SendAsync("HTTP/1.1 400 Bad Request\r\n\r\n"));
        using var handler = new ForwardHandler(new UriBuilder(plain.Address) { Scheme = "https" }.Uri);
        await ExpectAsync(handler, 502, "tls_failed");
        await using var silent = new RawUpstream(async connection =>
        {
            while (await connection.ReadAsync() is { Length: > 0 })
            {
            }
        });
        using var waiting = new ForwardHandler(new UriBuilder(silent.Address) { Scheme = "https" }.Uri, new ForwardOptions { ConnectTimeout = TimeSpan.FromMilliseconds(100) });
        await ExpectAsync(waiting, 504, "connect_timeout");
    }

    [Fact]
    public async Task A_service_that_never_answers_is_504_head_timeout()
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var upstream = new RawUpstream(async connection =>
        {
            _ = await connection.ReadHeadAsync();
            asked.SetResult();
            _ = await connection.ReadAsync();
        });
        var time = new ManualTimeProvider();
        using var handler = new ForwardHandler(upstream.Address, null, time);
        var asking = Upstream.AskAsync(handler, new TestExchange());
        await asked.Task.Soon();
        time.Advance(TimeSpan.FromMinutes(10));
        var (head, body) = await asking;
        Assert.Equal(504, head.Status);
        Assert.Contains("urn:bowline:forward:head_timeout", body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_caller_that_gives_up_is_seen_by_the_service_within_a_second(bool afterTheHead)
    {
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var aborted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var upstream = await Upstream.StartAsync(async context =>
        {
            context.RequestAborted.Register(aborted.SetResult);
            if (afterTheHead)
            {
                await context.Response.Body.FlushAsync();
            }

            entered.SetResult();
            await aborted.Task;
        });
        using var exchange = new TestExchange();
        var running = exchange.RunAsync(upstream.Handler);
        await entered.Task.Soon();
        if (afterTheHead)
        {
            _ = await exchange.Head.Soon();
        }

        exchange.CancelByCaller();
        await aborted.Task.WaitAsync(TimeSpan.FromSeconds(1));
        await running.Soon();
        Assert.Equal(TunnelError.Cancelled, exchange.Failure);
    }

    [Fact]
    public async Task A_request_body_that_breaks_off_is_never_taken_for_whole()
    {
        Exception? seen = null;
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var upstream = await Upstream.StartAsync(async context =>
        {
            entered.SetResult();
            seen = await Record.ExceptionAsync(() => context.Request.Body.CopyToAsync(Stream.Null));
            ended.SetResult();
        });
        using var exchange = new TestExchange("POST") { BodyLength = -1 };
        await exchange.Upload.WriteAsync("half"u8.ToArray());
        var running = exchange.RunAsync(upstream.Handler);
        await entered.Task.Soon();
        await exchange.Upload.CompleteAsync(new TunnelException(TunnelError.FrameLost));
        await ended.Task.Soon();
        await running.Soon();
        Assert.NotNull(seen);
        Assert.Equal(400, (await exchange.Head).Status);
    }

    [Fact]
    public async Task One_exchange_that_fails_leaves_the_others_alone()
    {
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var upstream = await Upstream.StartAsync(async context =>
        {
            if (context.Request.Path == "/abort")
            {
                context.Abort();
                return;
            }

            await context.Response.WriteAsync("first ");
            await go.Task;
            await context.Response.WriteAsync("last");
        });
        using var good = new TestExchange("GET", "/good");
        var running = good.RunAsync(upstream.Handler);
        _ = await good.Head.Soon();
        await ExpectAsync(upstream.Handler, 502, "connection_lost", "/abort");
        go.SetResult();
        using var reader = new StreamReader(good.Download);
        Assert.Equal("first last", await reader.ReadToEndAsync().Soon());
        await running.Soon();
    }

    [Fact]
    public async Task Failures_are_counted_by_their_code()
    {
        var codes = new System.Collections.Concurrent.ConcurrentBag<object?>();
        using var meters = new System.Diagnostics.Metrics.MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == "bowline.tunnel.forward.failures")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        meters.SetMeasurementEventCallback<long>((_, _, tags, _) => codes.Add(tags[0].Value));
        meters.Start();
        using var handler = new ForwardHandler(RawUpstream.Nobody());
        await ExpectAsync(handler, 502, "refused");
        Assert.Contains("refused", codes);
    }

    [Fact]
    public void A_target_that_is_no_http_address_is_refused()
    {
        foreach (var target in (string[])["ftp://x/", "http://user:pw@x/", "http://x/?q", "http://x/#f"])
        {
            Assert.Throws<ArgumentException>(() => new ForwardHandler(new Uri(target)));
        }

        Assert.Throws<InvalidOperationException>(() => new ForwardHandler(new Uri("http://x/"), new ForwardOptions { ConnectTimeout = TimeSpan.Zero }));
    }

    private static async Task ExpectAsync(ForwardHandler handler, int status, string code, string path = "/")
    {
        using var exchange = new TestExchange("GET", path);
        var (head, body) = await Upstream.AskAsync(handler, exchange);
        Assert.Equal((status, TunnelProblem.ContentType), (head.Status, head["Content-Type"]));
        Assert.Contains($"\"urn:bowline:forward:{code}\"", body, StringComparison.Ordinal);
        Assert.Contains(exchange.TraceId, body, StringComparison.Ordinal);
    }
}
