using Bowline.Testing.Tunnel;
using Bowline.Tunnel.Tests.Support;

namespace Bowline.Tunnel.Tests.Exchanges;

/// <summary>Leaving a connection when something goes wrong on the way: lost frames, a full or dead connection, several at a time.</summary>
public sealed class MoveTests
{
    private const int Accept = 2;
    private const int Data = 4;
    private const int Ping = 8;
    private const int Pong = 9;
    private const int Move = 10;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static bool OfServer(BusMessage message) => message.Subject.Contains(".reply.", StringComparison.Ordinal);

    [Fact]
    public async Task What_has_not_followed_is_reset_at_the_callers_deadline_and_not_before()
    {
        await using var pair = await TunnelPair.StartAsync(WaitingAsync);
        using var response = await pair.GetAsync().WaitAsync(Patience);
        var body = response.Content.ReadAsByteArrayAsync();
        pair.Bus.Fault = static message => message.FrameType == Move ? BusFault.Drop : BusFault.None;
        await using var next = pair.Bus.Connect();
        await pair.Server.AttachAsync(next);
        var moving = pair.Seen(static message => message.FrameType == Move);
        using var deadline = new CancellationTokenSource();
        var left = pair.Server.DetachAsync(pair.Instance, deadline.Token);
        await moving;
        for (var i = 0; i < 6; i++)
        {
            // A minute, in which both sides hear of each other.
            var heard = pair.Seen(static message => message.FrameType == Pong && OfServer(message));
            pair.Time.Advance(TimeSpan.FromSeconds(10));
            await heard;
            await pair.ClientCarrier.FlushAsync(default);
            await pair.ServerCarrier.FlushAsync(default);
            await next.FlushAsync(default);
        }

        Assert.False(left.IsCompleted);
        Assert.False(body.IsCompleted);
        await deadline.CancelAsync();
        await left.WaitAsync(Patience);
        Assert.Equal(TunnelError.Moved, await ErrorOf(body));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_lost_move_is_said_again_with_the_next_ping(bool ofServer)
    {
        await using var pair = await TunnelPair.StartAsync(WaitingAsync);
        using var response = await pair.GetAsync().WaitAsync(Patience);
        var dropped = 0;
        pair.Bus.Fault = message => message.FrameType == Move && OfServer(message) == ofServer && Interlocked.Increment(ref dropped) == 1 ? BusFault.Drop : BusFault.None;
        await using var next = pair.Bus.Connect();
        await pair.Server.AttachAsync(next);
        var moving = pair.Seen(message => message.FrameType == Move && OfServer(message) == ofServer);
        var left = pair.Server.DetachAsync(pair.Instance);
        await moving;
        pair.Time.Advance(TimeSpan.FromSeconds(10));
        await left.WaitAsync(Patience);
        Assert.Equal(2, dropped);
        Assert.Equal(1, pair.Client.OpenStreams);
    }

    [Fact]
    public async Task An_accept_that_waits_in_a_full_connection_is_not_overtaken_by_the_move()
    {
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var running = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var pair = await TunnelPair.StartAsync(async exchange =>
        {
            running.SetResult();
            await go.Task;
            await TestHandler.Hello(exchange);
        });
        var sent = pair.GetAsync();
        await running.Task.WaitAsync(Patience);
        pair.ServerCarrier.SendBudget = 0;
        pair.Time.Advance(TimeSpan.FromMilliseconds(51));
        await using var next = pair.Bus.Connect();
        await pair.Server.AttachAsync(next);
        var frames = new List<int>();
        pair.Bus.Published += message => frames.Add(message.FrameType);
        var left = pair.Server.DetachAsync(pair.Instance);
        for (var i = 0; i < 10; i++)
        {
            // Behind the flushes of the move, which know nothing of what waits in front of the connection.
            await pair.ServerCarrier.FlushAsync(default);
        }

        pair.ServerCarrier.Drain();
        await left.WaitAsync(Patience);
        Assert.True(frames.IndexOf(Accept) < frames.IndexOf(Move), string.Join(',', frames));
        go.SetResult();
        using var response = await sent.WaitAsync(Patience);
        Assert.True(response.IsSuccessStatusCode);
    }

    [Fact]
    public async Task A_second_connection_can_be_left_while_streams_have_not_followed_off_the_first()
    {
        await using var pair = await TunnelPair.StartAsync(WaitingAsync);
        using var response = await pair.GetAsync().WaitAsync(Patience);
        pair.Bus.Fault = static message => message.FrameType == Move && OfServer(message) ? BusFault.Drop : BusFault.None;
        await using var second = pair.Bus.Connect();
        var name = await pair.Server.AttachAsync(second);
        var moving = pair.Seen(static message => message.FrameType == Move);
        var first = pair.Server.DetachAsync(pair.Instance);
        await moving;
        pair.Bus.Fault = null;
        await using var third = pair.Bus.Connect();
        await pair.Server.AttachAsync(third);
        await pair.Server.DetachAsync(name).WaitAsync(Patience);
        await first.WaitAsync(Patience);
        Assert.Equal(1, pair.Client.OpenStreams);
    }

    [Fact]
    public async Task What_was_lost_with_the_old_connection_ends_the_stream_at_once()
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var pair = await TunnelPair.StartAsync(async exchange =>
        {
            started.SetResult();
            await exchange.RequestBody.CopyToAsync(Stream.Null, exchange.Aborted);
        });
        var source = new System.IO.Pipelines.Pipe();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/") { Content = new StreamContent(source.Reader.AsStream()) };
        var upload = pair.SendAsync(request);
        await started.Task.WaitAsync(Patience);

        // Lost on the way: the client's answer to the MOVE says that they were sent.
        pair.Bus.Fault = static message => message.FrameType == Data ? BusFault.Drop : BusFault.None;
        var lost = pair.Seen(static message => message.FrameType == Data);
        await source.Writer.WriteAsync(new byte[1000]);
        await lost;
        await using var next = pair.Bus.Connect();
        await pair.Server.AttachAsync(next);
        var followed = pair.Seen(static message => message.FrameType == Move && !OfServer(message));
        var left = pair.Server.DetachAsync(pair.Instance);
        await followed;
        await next.FlushAsync(default);
        Assert.False(left.IsCompleted);
        pair.ServerCarrier.Disconnect();
        Assert.Equal(TunnelError.FrameLost, await ErrorOf(upload));
        await left.WaitAsync(Patience);
    }

    [Fact]
    public async Task A_ping_to_a_connection_that_is_gone_leaves_the_streams_that_moved_on()
    {
        await using var pair = await TunnelPair.StartAsync(WaitingAsync);
        using var response = await pair.GetAsync().WaitAsync(Patience);
        BusMessage? asked = null;
        var pinged = pair.Seen(message => message.FrameType == Ping && !OfServer(message) && (asked = message) is not null);
        pair.Client.CheckAlive(pair.Device);
        await pinged;
        await using var next = pair.Bus.Connect();
        await pair.Server.AttachAsync(next);
        await pair.Server.DetachAsync(pair.Instance).WaitAsync(Patience);
        pair.Bus.Inject(new(asked!.ReplyTo, "", [], NoResponders: true));
        await pair.ClientCarrier.FlushAsync(default);
        Assert.Equal(1, pair.Client.OpenStreams);
    }

    private static async Task<TunnelError> ErrorOf(Task task) => (await Assert.ThrowsAsync<TunnelException>(() => task).WaitAsync(Patience)).Error;

    private static async Task WaitingAsync(TunnelExchange exchange)
    {
        await exchange.ResponseBody.WriteAsync(new byte[100_000], exchange.Aborted);
        await Task.Delay(Timeout.Infinite, exchange.Aborted);
    }
}
