using System.Net;
using Bowline.Testing.Tunnel;
using Bowline.Tunnel.Tests.Support;

namespace Bowline.Tunnel.Tests.Exchanges;

/// <summary>Faults, limits and times, over the in-memory bus with time that stands still.</summary>
public sealed class ProtocolTests
{
    private const int DataFrame = 4;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static async Task<TunnelError> ErrorOf(Func<Task> action) => (await Assert.ThrowsAsync<TunnelException>(action).WaitAsync(Patience)).Error;

    private static Task Download(TunnelExchange exchange) => exchange.ResponseBody.WriteAsync(Payload.Create(1_000_000), exchange.Aborted).AsTask();

    [Theory]
    [InlineData(BusFault.Drop, TunnelError.FrameLost)]
    [InlineData(BusFault.Repeat, TunnelError.FrameRepeated)]
    public async Task A_lost_or_repeated_frame_is_a_typed_error(BusFault fault, TunnelError error)
    {
        await using var pair = await TunnelPair.StartAsync(Download);
        pair.Bus.Fault = message => message is { FrameType: DataFrame, Seq: 3 } ? fault : BusFault.None;
        using var response = await pair.GetAsync();
        Assert.Equal(error, await ErrorOf(() => response.Content.ReadAsByteArrayAsync()));
        pair.Bus.Fault = null;
        using var next = await pair.GetAsync();
        Assert.Equal(1_000_000, (await next.Content.ReadAsByteArrayAsync()).Length);
    }

    [Fact]
    public async Task A_lost_last_frame_is_noticed_by_the_next_ping()
    {
        await using var pair = await TunnelPair.StartAsync(Download);
        pair.Bus.Fault = message => message.FrameType == DataFrame && message.Payload[1] == 1 ? BusFault.Drop : BusFault.None;
        var pinged = pair.Seen(message => message is { FrameType: 8 } && message.Subject.Contains(".reply.", StringComparison.Ordinal));
        using var response = await pair.GetAsync();
        var lost = pair.Seen(message => message.FrameType == DataFrame && message.Payload[1] == 1);
        var body = ErrorOf(() => response.Content.ReadAsByteArrayAsync());
        await lost;
        pair.Bus.Fault = null;
        // The client asks after an interval of silence; the server no longer knows the stream.
        pair.Time.Advance(TimeSpan.FromSeconds(11));
        Assert.Contains(await body, new[] { TunnelError.StreamUnknown, TunnelError.FrameLost });
        _ = pinged;
    }

    [Fact]
    public async Task Nobody_there_is_offline_at_once()
    {
        await using var pair = await TunnelPair.StartAsync(attach: false);
        Assert.Equal(TunnelError.Offline, await ErrorOf(() => pair.GetAsync()));
    }

    [Fact]
    public async Task A_frozen_node_is_known_within_the_accept_timeout_and_starts_nothing_afterwards()
    {
        var ran = 0;
        await using var pair = await TunnelPair.StartAsync(exchange =>
        {
            ran++;
            return TestHandler.Hello(exchange);
        });
        pair.ServerCarrier.Freeze();
        var opened = pair.Seen(static message => message.FrameType == 1);
        var failure = ErrorOf(() => pair.GetAsync());
        await opened;
        pair.Time.Advance(TimeSpan.FromMilliseconds(1001));
        Assert.Equal(TunnelError.AcceptTimeout, await failure);
        pair.Time.Advance(TimeSpan.FromSeconds(120));
        var refused = pair.Seen(static message => message.FrameType == 7);
        pair.ServerCarrier.Thaw();
        Assert.Equal((byte)ResetCode.Expired, (await refused).Payload[12]);
        Assert.Equal(0, ran);
        using var again = await pair.GetAsync();
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        Assert.Equal(1, ran);
    }

    [Fact]
    public async Task A_node_whose_clock_differs_teaches_the_client()
    {
        await using var pair = await TunnelPair.StartAsync(TestHandler.Hello);
        using var key = Core.Identity.DeviceKey.Create();
        var clock = new Testing.Time.ManualTimeProvider(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await using var server = new TunnelServer(key.Id, TunnelPair.Options(), clock, Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance);
        server.Services.Map("default", new TestHandler(TestHandler.Hello), ServiceAccess.Owner);
        await using var carrier = pair.Bus.Connect();
        await server.AttachAsync(carrier);
        var opens = 0;
        pair.Bus.Published += message => opens += message.FrameType == 1 ? 1 : 0;
        for (var i = 0; i < 3; i++)
        {
            using var response = await pair.Client.SendAsync(new(key.Id, "default", TunnelCaller.Account(TunnelPair.Owner)), new(HttpMethod.Post, "/"));
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        Assert.Equal(4, opens);
    }

    [Fact]
    public async Task A_slow_handler_is_accepted_after_50_ms_and_never_called_frozen()
    {
        var go = new TaskCompletionSource();
        var running = new TaskCompletionSource();
        await using var pair = await TunnelPair.StartAsync(async exchange =>
        {
            running.SetResult();
            await go.Task;
            await TestHandler.Hello(exchange);
        });
        var accepted = pair.Seen(static message => message.FrameType == 2);
        var response = pair.GetAsync();
        await running.Task;
        pair.Time.Advance(TimeSpan.FromMilliseconds(51));
        await accepted;
        using (var probe = await pair.SendAsync(new(HttpMethod.Get, "/"), service: "none"))
        {
            // Behind the accept in the same order, so the accept has been seen.
            Assert.Equal(HttpStatusCode.NotFound, probe.StatusCode);
        }

        pair.Time.Advance(TimeSpan.FromSeconds(5));
        go.SetResult();
        using var answer = await response;
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task A_lost_accept_is_start_unknown_when_the_node_is_alive_and_the_request_runs_once()
    {
        var ran = 0;
        await using var pair = await TunnelPair.StartAsync(exchange =>
        {
            Interlocked.Increment(ref ran);
            return TestHandler.Hello(exchange);
        });
        pair.Bus.Fault = static message => message is { StreamId: 1, FrameType: 3 } ? BusFault.Drop : BusFault.None;
        var answered = pair.Seen(static message => message is { StreamId: 1, FrameType: 3 });
        var failure = ErrorOf(() => pair.SendAsync(new(HttpMethod.Post, "/")));
        await answered;
        pair.Time.Advance(TimeSpan.FromMilliseconds(10));
        using (var other = await pair.GetAsync())
        {
            Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        }

        pair.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(TunnelError.StartUnknown, await failure);
        Assert.Equal(2, ran);
    }

    [Fact]
    public async Task A_repeated_open_never_runs_twice()
    {
        var ran = 0;
        await using var pair = await TunnelPair.StartAsync(exchange =>
        {
            Interlocked.Increment(ref ran);
            return TestHandler.Hello(exchange);
        });
        pair.Bus.Fault = static message => message.FrameType == 1 ? BusFault.Repeat : BusFault.None;
        for (var i = 0; i < 20; i++)
        {
            using var response = await pair.GetAsync();
        }

        Assert.Equal(20, ran);
    }

    [Fact]
    public async Task A_forged_reply_subject_starts_nothing()
    {
        var ran = 0;
        await using var pair = await TunnelPair.StartAsync(_ =>
        {
            ran++;
            return Task.CompletedTask;
        });
        BusMessage? open = null;
        pair.Bus.Published += message => open = message.FrameType == 1 ? message : open;
        using var first = await pair.GetAsync();
        foreach (var reply in new[] { "runs.x.in", "", $"tunnel.v2.{pair.Device}.reply.client0001.77", $"tunnel.v2.{new string('a', 52)}.reply.client0001.1", open!.ReplyTo + ".x" })
        {
            pair.Bus.Inject(open with { ReplyTo = reply });
        }

        using var second = await pair.GetAsync();
        Assert.Equal(2, ran);
    }

    [Fact]
    public async Task A_silent_peer_is_given_up_within_the_idle_bound()
    {
        await using var pair = await TunnelPair.StartAsync(async exchange =>
        {
            await exchange.ResponseBody.WriteAsync(new byte[100_000], exchange.Aborted);
            await Task.Delay(Timeout.Infinite, exchange.Aborted);
        });
        using var response = await pair.GetAsync();
        var read = ErrorOf(() => response.Content.ReadAsByteArrayAsync());
        pair.Bus.Fault = static _ => BusFault.Drop;
        var time = Task.Run(async () =>
        {
            for (var i = 0; i < 100 && !read.IsCompleted; i++)
            {
                pair.Time.Advance(TimeSpan.FromSeconds(1));
                await Task.Yield();
            }
        });
        Assert.Equal(TunnelError.IdleTimeout, await read);
        await time;
    }

    [Fact]
    public async Task The_server_enforces_the_deadline_with_504()
    {
        var running = new TaskCompletionSource();
        var aborted = new TaskCompletionSource();
        await using var pair = await TunnelPair.StartAsync(async exchange =>
        {
            exchange.Aborted.Register(aborted.SetResult);
            running.SetResult();
            await Task.Delay(Timeout.Infinite, exchange.Aborted);
        });
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Options.Set(TunnelRequestOptions.Deadline, TimeSpan.FromMilliseconds(700));
        var sent = pair.SendAsync(request);
        await running.Task;
        var accepted = pair.Seen(static message => message.FrameType == 2);
        pair.Time.Advance(TimeSpan.FromMilliseconds(100));
        await accepted;
        var head = pair.Seen(static message => message.FrameType == 3);
        pair.Time.Advance(TimeSpan.FromMilliseconds(600));
        await head;
        using var response = await sent.WaitAsync(Patience);
        Assert.Equal(HttpStatusCode.GatewayTimeout, response.StatusCode);
        Assert.Contains("urn:bowline:tunnel:deadline_exceeded", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await aborted.Task.WaitAsync(Patience);
    }

    [Fact]
    public async Task Cancelling_reaches_the_handler_at_once()
    {
        var running = new TaskCompletionSource();
        var aborted = new TaskCompletionSource();
        await using var pair = await TunnelPair.StartAsync(async exchange =>
        {
            exchange.Aborted.Register(aborted.SetResult);
            running.SetResult();
            await Task.Delay(Timeout.Infinite, exchange.Aborted);
        });
        using var cancel = new CancellationTokenSource();
        var accepted = pair.Seen(static message => message.FrameType == 2);
        var sent = pair.SendAsync(new(HttpMethod.Get, "/"), cancel.Token);
        await running.Task;
        pair.Time.Advance(TimeSpan.FromMilliseconds(60));
        await accepted;
        await pair.ClientCarrier.FlushAsync(default);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sent);
        await aborted.Task.WaitAsync(Patience);
        Assert.Equal(0, pair.Client.OpenStreams);
    }

    [Fact]
    public async Task Cancelling_before_the_accept_stops_the_handler_when_it_speaks()
    {
        var running = new TaskCompletionSource();
        var aborted = new TaskCompletionSource();
        await using var pair = await TunnelPair.StartAsync(async exchange =>
        {
            exchange.Aborted.Register(aborted.SetResult);
            running.SetResult();
            await Task.Delay(Timeout.Infinite, exchange.Aborted);
        });
        using var cancel = new CancellationTokenSource();
        var sent = pair.SendAsync(new(HttpMethod.Get, "/"), cancel.Token);
        await running.Task;
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sent);
        pair.Time.Advance(TimeSpan.FromMilliseconds(60));
        await aborted.Task.WaitAsync(Patience);
    }

    [Fact]
    public async Task Dropping_a_response_stops_the_handler()
    {
        var aborted = new TaskCompletionSource();
        await using var pair = await TunnelPair.StartAsync(async exchange =>
        {
            exchange.Aborted.Register(aborted.SetResult);
            while (true)
            {
                await exchange.ResponseBody.WriteAsync(new byte[10_000], exchange.Aborted);
            }
        });
        var response = await pair.GetAsync();
        response.Dispose();
        await aborted.Task.WaitAsync(Patience);
    }

    [Fact]
    public async Task Only_so_many_exchanges_run_and_the_next_gets_503_but_the_node_still_answers()
    {
        var go = new TaskCompletionSource();
        var running = new TaskCompletionSource();
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
        var go = new TaskCompletionSource();
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
        var file = Path.Combine(Directory.CreateTempSubdirectory("bowline-keys").FullName, "keys");
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
        var go = new TaskCompletionSource();
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
        var go = new TaskCompletionSource();
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
