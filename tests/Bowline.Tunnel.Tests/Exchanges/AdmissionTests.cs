using System.Net;
using Bowline.Tunnel.Tests.Support;

namespace Bowline.Tunnel.Tests.Exchanges;

/// <summary>Who may do what, how much of it, and what bad input does.</summary>
public sealed class AdmissionTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static async Task<TunnelError> ErrorOf(Func<Task> action) => (await Assert.ThrowsAsync<TunnelException>(action).WaitAsync(Patience)).Error;

    [Fact]
    public async Task Only_so_many_exchanges_run_and_the_next_gets_503_but_the_node_still_answers()
    {
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var running = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var pair = await TunnelPair.StartAsync(
            async exchange =>
            {
                running.TrySetResult();
                await go.Task;
                await TestHandler.Hello(exchange);
            },
            TunnelPair.Options(maxConcurrent: 1));
        pair.Server.Services.MapNode(new TestHandler(TestHandler.Hello));
        var first = pair.GetAsync();
        await running.Task;
        using (var second = await pair.GetAsync())
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, second.StatusCode);
            Assert.Equal(TimeSpan.FromSeconds(1), second.Headers.RetryAfter?.Delta);
        }

        using (var status = await pair.SendAsync(new(HttpMethod.Get, "/api/links/status"), service: "$node", caller: TunnelCaller.Hub(TunnelPair.HubId)))
        {
            Assert.Equal(HttpStatusCode.OK, status.StatusCode);
        }

        go.SetResult();
        using var done = await first;
        Assert.Equal(HttpStatusCode.OK, done.StatusCode);
    }

    [Fact]
    public async Task A_client_has_so_many_streams_and_no_more()
    {
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var pair = await TunnelPair.StartAsync(_ => go.Task, TunnelPair.Options(maxStreams: 3));
        var opened = pair.Seen(static message => message is { FrameType: 1, StreamId: 3 });
        var held = Enumerable.Range(0, 3).Select(_ => pair.GetAsync()).ToArray();
        await opened;
        Assert.Equal(TunnelError.Refused, await ErrorOf(() => pair.GetAsync()));
        go.SetResult();
        foreach (var response in await Task.WhenAll(held))
        {
            response.Dispose();
        }
    }

    [Theory]
    [InlineData("account", "alice", "default", 200)]
    [InlineData("account", "mallory", "default", 403)]
    [InlineData("hub", "hub1", "default", 403)]
    [InlineData("account", "bob", "shared", 200)]
    [InlineData("account", "alice", "shared", 200)]
    [InlineData("account", "mallory", "shared", 403)]
    [InlineData("account", "mallory", "open", 200)]
    [InlineData("hub", "hub1", "$node", 200)]
    [InlineData("hub", "hub2", "$node", 403)]
    [InlineData("account", "alice", "$node", 403)]
    [InlineData("account", "alice", "nothing", 404)]
    public async Task Each_service_has_its_allow_list(string kind, string id, string service, int status)
    {
        await using var pair = await TunnelPair.StartAsync(TestHandler.Hello);
        pair.Server.Services.Map("shared", new TestHandler(TestHandler.Hello), ServiceAccess.Accounts("bob"));
        pair.Server.Services.Map("open", new TestHandler(TestHandler.Hello), ServiceAccess.Everyone);
        pair.Server.Services.MapNode(new TestHandler(TestHandler.Hello));
        using var response = await pair.SendAsync(new(HttpMethod.Get, "/"), service: service, caller: new(kind, id));
        Assert.Equal(status, (int)response.StatusCode);
    }

    [Fact]
    public async Task A_key_is_started_once_even_over_a_restart()
    {
        var folder = Directory.CreateTempSubdirectory("bowline-keys-").FullName;
        var file = Path.Combine(folder, "keys");
        var ran = 0;
        Task Handle(TunnelExchange exchange)
        {
            ran++;
            return TestHandler.Hello(exchange);
        }

        var statuses = new List<int>();
        for (var boot = 0; boot < 2; boot++)
        {
            var time = new Testing.Time.ManualTimeProvider();
            using var keys = new FileIdempotencyKeys(file, time);
            await using var pair = await TunnelPair.StartAsync(Handle, TunnelPair.Options(keys: keys));
            for (var i = 0; i < 2; i++)
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, "/") { Headers = { { "Idempotency-Key", "k1" } } };
                using var response = await pair.SendAsync(request);
                statuses.Add((int)response.StatusCode);
            }

            time.Advance(TimeSpan.FromMinutes(boot * 11));
        }

        Directory.Delete(folder, recursive: true);
        Assert.Equal([200, 409, 409, 409], statuses);
        Assert.Equal(1, ran);
    }

    [Fact]
    public async Task A_handler_exception_is_500_without_its_text()
    {
        await using var pair = await TunnelPair.StartAsync(_ => throw new InvalidOperationException("secret connection string"));
        using var response = await pair.GetAsync();
        var text = await response.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.DoesNotContain("secret", text, StringComparison.Ordinal);
        Assert.Contains("traceId", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_handler_that_fails_after_its_head_resets_the_stream()
    {
        await using var pair = await TunnelPair.StartAsync(async exchange =>
        {
            await exchange.ResponseBody.WriteAsync(new byte[100_000]);
            throw new InvalidOperationException("late");
        });
        using var response = await pair.GetAsync();
        Assert.Equal(TunnelError.ResponseAborted, await ErrorOf(() => response.Content.ReadAsByteArrayAsync()));
    }

    [Fact]
    public async Task Malformed_frames_reset_one_stream_and_leave_the_others_alone()
    {
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var pair = await TunnelPair.StartAsync(async exchange =>
        {
            await exchange.ResponseBody.FlushAsync();
            await go.Task;
            await exchange.ResponseBody.WriteAsync("hello"u8.ToArray());
        });
        using var first = await pair.GetAsync();
        using var second = await pair.GetAsync();
        pair.Bus.Inject(new($"tunnel.v2.{pair.Device}.reply.{pair.ClientCarrier.ClientId}", "", [99, 7, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0]));
        var random = new Random(5);
        for (var i = 0; i < 2000; i++)
        {
            var noise = new byte[random.Next(0, 60)];
            random.NextBytes(noise);
            if (noise.Length > 7)
            {
                noise[4] = 77;
            }

            pair.Bus.Inject(new($"tunnel.v2.{pair.Device}.reply.{pair.ClientCarrier.ClientId}", "", noise));
            pair.Bus.Inject(new($"tunnel.v2.{pair.Device}.in.{pair.Instance}.{pair.ClientCarrier.ClientId}", "", noise));
            pair.Bus.Inject(new($"tunnel.v2.{pair.Device}.open", $"tunnel.v2.{pair.Device}.reply.attacker1.{i + 1}", noise));
        }

        Assert.Equal(TunnelError.FrameMalformed, await ErrorOf(() => first.Content.ReadAsByteArrayAsync()));
        go.SetResult();
        Assert.Equal("hello", await second.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_foreign_device_cannot_answer_for_a_stream()
    {
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var pair = await TunnelPair.StartAsync(async exchange =>
        {
            await go.Task;
            await TestHandler.Hello(exchange);
        });
        var opened = pair.Seen(static message => message.FrameType == 1);
        var sent = pair.GetAsync();
        await opened;
        pair.Bus.Inject(new($"tunnel.v2.{new string('a', 52)}.reply.{pair.ClientCarrier.ClientId}", "", [7, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]));
        go.SetResult();
        using var response = await sent;
        Assert.Equal("hello", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task More_than_the_window_is_reset_flow_control_and_others_go_on()
    {
        await using var pair = await TunnelPair.StartAsync(async exchange =>
        {
            if (exchange.Path == "/small")
            {
                await TestHandler.Hello(exchange);
                return;
            }

            await exchange.ResponseBody.FlushAsync();
            await Task.Delay(Timeout.Infinite, exchange.Aborted);
        });
        var reset = pair.Seen(static message => message is { FrameType: 7 } && message.Payload[12] == (byte)ResetCode.FlowControl);
        using var response = await pair.GetAsync("/big");
        for (uint seq = 1; seq <= 5; seq++)
        {
            var frame = new byte[FrameHeader.Size + 65536];
            new FrameHeader(FrameType.Data, FrameFlags.None, 1, seq).Write(frame);
            pair.Bus.Inject(new($"tunnel.v2.{pair.Device}.reply.{pair.ClientCarrier.ClientId}", "", frame));
        }

        await reset;
        Assert.Equal(TunnelError.FlowControl, await ErrorOf(() => response.Content.ReadAsByteArrayAsync()));
        using var small = await pair.GetAsync("/small");
        Assert.Equal("hello", await small.Content.ReadAsStringAsync());
    }
}
