using Bowline.Testing.Tunnel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Bowline.Tunnel.Tests.AspNetCore;

public sealed class AppFailureTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_unhandled_exception_is_a_500_problem_with_a_trace_id_and_no_text(bool afterWaiting)
    {
        await using var app = await AppUnderTest.StartAsync(app => app.Run(async context =>
        {
            context.Response.Headers["X-Secret"] = "header";
            context.Response.BodyWriter.GetSpan(10)[0] = (byte)'s';
            context.Response.BodyWriter.Advance(1);
            if (afterWaiting)
            {
                await Task.Yield();
            }

            throw new InvalidOperationException("secret text");
        }));
        using var exchange = new TestExchange();
        var (head, body) = await app.AskAsync(exchange);
        Assert.Equal((500, TunnelProblem.ContentType), (head.Status, head["content-type"]));
        Assert.Contains("urn:bowline:app:unhandled_exception", body, StringComparison.Ordinal);
        Assert.Contains(exchange.TraceId, body, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", body, StringComparison.Ordinal);
        Assert.Null(head["X-Secret"]);
        Assert.Null(exchange.HandlerException);
    }

    [Fact]
    public async Task An_exception_after_the_response_has_left_cuts_the_exchange_and_no_other()
    {
        await using var app = await AppUnderTest.StartAsync(app => app.Run(async context =>
        {
            await context.Response.WriteAsync("part");
            await context.Response.Body.FlushAsync();
            if (context.Request.Path == "/fail")
            {
                throw new InvalidOperationException("later");
            }
        }));
        using var failing = new TestExchange("GET", "/fail");
        await failing.RunAsync(app.Handler).Soon();
        Assert.Equal(TunnelError.ResponseAborted, failing.Failure);
        Assert.Equal("part", (await app.GetAsync("/")).Body);
    }

    [Fact]
    public async Task An_app_that_aborts_ends_the_exchange_without_an_end()
    {
        await using var app = await AppUnderTest.StartAsync(app => app.Run(context =>
        {
            context.Abort();
            return Task.CompletedTask;
        }));
        using var exchange = new TestExchange();
        await exchange.RunAsync(app.Handler).Soon();
        Assert.Equal(TunnelError.ResponseAborted, exchange.Failure);
    }

    [Theory]
    [InlineData("X-Bad", "a\r\nSet-Cookie: evil=1")]
    [InlineData("X-Bad", "a\nb")]
    [InlineData("X-Bad", "a\0b")]
    [InlineData("X-Bad\r\nSet-Cookie", "evil=1")]
    [InlineData("X Bad", "1")]
    [InlineData("", "1")]
    [InlineData("Content-Length", "-1")]
    [InlineData("Content-Length", "1, 1")]
    public async Task A_header_that_breaks_out_of_its_field_is_refused(string name, string value)
    {
        await using var app = await AppUnderTest.StartAsync(app => app.Run(context =>
        {
            Assert.Throws<InvalidOperationException>(() => context.Response.Headers[name] = value);
            Assert.ThrowsAny<Exception>(() => context.Response.Headers.Append(name, value));
            return context.Response.WriteAsync("refused");
        }));
        var (head, body) = await app.GetAsync("/");
        Assert.Equal((200, "refused"), (head.Status, body));
        Assert.Null(head["Set-Cookie"]);
    }

    [Fact]
    public async Task Before_the_app_starts_and_after_it_stops_the_answer_is_503()
    {
        await using var app = AppUnderTest.Build(app => app.MapGet("/", () => "up"));
        Assert.Equal(503, (await app.GetAsync("/")).Head.Status);
        await app.App.StartAsync();
        Assert.Equal("up", (await app.GetAsync("/")).Body);
        await app.App.StopAsync();
        var (head, body) = await app.GetAsync("/");
        Assert.Equal((503, "1"), (head.Status, head["Retry-After"]));
        Assert.Contains("urn:bowline:app:not_running", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stopping_waits_for_the_exchanges_that_run()
    {
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var app = await AppUnderTest.StartAsync(app => app.MapGet("/", async () =>
        {
            entered.SetResult();
            await go.Task;
            return "whole";
        }));
        var asking = app.GetAsync("/");
        await entered.Task.Soon();
        var stopping = app.App.StopAsync();
        Assert.False(stopping.IsCompleted);
        go.SetResult();
        Assert.Equal("whole", (await asking).Body);
        await stopping.Soon();
    }

    [Fact]
    public void An_app_of_another_server_has_no_handler()
    {
        var builder = WebApplication.CreateSlimBuilder();
        var app = builder.Build();
        Assert.Throws<InvalidOperationException>(() => TunnelApp.Create(app));
    }
}
