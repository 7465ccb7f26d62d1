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
    public async Task A_request_that_has_not_left_is_not_lost_with_the_connection()
    {
        await using var pair = await TunnelPair.StartAsync(TestHandler.Hello);
        pair.ClientCarrier.SendBudget = 0;
        var sent = pair.SendAsync(new(HttpMethod.Post, "/"));
        pair.ClientCarrier.Disconnect();
        pair.ClientCarrier.Drain();
        pair.ClientCarrier.Reconnect();
        using var response = await sent.WaitAsync(Patience);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
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
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var running = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
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
        var running = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var aborted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
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
        var running = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var aborted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var pair = await TunnelPair.StartAsync(async exchange =>
        {
            exchange.Aborted.Register(aborted.SetResult);
            running.SetResult();
            await Task.Delay(Timeout.Infinite, exchange.Aborted);
        });
        using var cancel = new CancellationTokenSource();
        var accepted = pair.Seen(static message => message.FrameType == 2);
        var sent = pair.SendAsync(new(HttpMethod.Get, "/"), cancellationToken: cancel.Token);
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
        var running = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var aborted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var pair = await TunnelPair.StartAsync(async exchange =>
        {
            exchange.Aborted.Register(aborted.SetResult);
            running.SetResult();
            await Task.Delay(Timeout.Infinite, exchange.Aborted);
        });
        using var cancel = new CancellationTokenSource();
        var sent = pair.SendAsync(new(HttpMethod.Get, "/"), cancellationToken: cancel.Token);
        await running.Task;
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sent);
        pair.Time.Advance(TimeSpan.FromMilliseconds(60));
        await aborted.Task.WaitAsync(Patience);
    }

    [Fact]
    public async Task Dropping_a_response_stops_the_handler()
    {
        var aborted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
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
}
