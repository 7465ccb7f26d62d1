using Bowline.Testing.Tunnel;
using Bowline.Tunnel.Tests.Support;

namespace Bowline.Tunnel.Tests.Exchanges;

/// <summary>A RESET that went into a dead connection: the other side finds out within a round trip of the next sign, not at the next interval.</summary>
public sealed class LostResetTests
{
    private const int Ping = 8;
    private const int Reset = 7;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static bool OfServer(BusMessage message) => message.Subject.Contains(".reply.", StringComparison.Ordinal);

    [Fact]
    public async Task The_client_hears_when_the_node_reconnects()
    {
        await using var pair = await TunnelPair.StartAsync(FailingAsync);
        using var response = await LosingAsync(pair);
        pair.ServerCarrier.Disconnect();
        pair.ServerCarrier.Reconnect();
        Assert.Equal(TunnelError.StreamUnknown, await ErrorOf(response));
    }

    [Fact]
    public async Task The_client_hears_when_the_node_has_another_connection_beside_the_dead_one()
    {
        await using var pair = await TunnelPair.StartAsync(FailingAsync);
        using var response = await LosingAsync(pair, dead: true);
        await using var next = pair.Bus.Connect();
        await pair.Server.AttachAsync(next);
        using var soon = new CancellationTokenSource();
        await soon.CancelAsync();
        await pair.Server.DetachAsync(pair.Instance, soon.Token);
        Assert.Equal(TunnelError.ServerStopping, await ErrorOf(response));
    }

    [Fact]
    public async Task The_client_hears_when_the_node_has_another_connection_after_the_dead_one()
    {
        await using var pair = await TunnelPair.StartAsync(FailingAsync);
        using var response = await LosingAsync(pair, dead: true);
        await pair.Server.DetachAsync(pair.Instance);
        await using var next = pair.Bus.Connect();
        await pair.Server.AttachAsync(next);
        Assert.Equal(TunnelError.ServerStopping, await ErrorOf(response));
    }

    [Fact]
    public async Task The_node_hears_when_the_client_reconnects()
    {
        var aborted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var pair = await TunnelPair.StartAsync(async exchange =>
        {
            exchange.Aborted.Register(aborted.SetResult);
            await exchange.ResponseBody.WriteAsync(new byte[100_000], exchange.Aborted);
            await Task.Delay(Timeout.Infinite, exchange.Aborted);
        });
        var response = await pair.GetAsync().WaitAsync(Patience);
        pair.Bus.Fault = static message => message.FrameType == Reset ? BusFault.Drop : BusFault.None;
        response.Dispose();
        pair.Bus.Fault = null;
        pair.ClientCarrier.Disconnect();
        pair.ClientCarrier.Reconnect();
        await aborted.Task.WaitAsync(Patience);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Each_side_asks_once_after_a_reconnect(bool ofServer)
    {
        await using var pair = await TunnelPair.StartAsync(TestHandler.Hello);
        using (var response = await pair.GetAsync().WaitAsync(Patience))
        {
            Assert.Equal("hello", await response.Content.ReadAsStringAsync());
        }

        await pair.NothingRunsAsync();
        var pings = 0;
        pair.Bus.Published += message => pings += message.FrameType == Ping && OfServer(message) == ofServer ? 1 : 0;
        var carrier = ofServer ? pair.ServerCarrier : pair.ClientCarrier;
        carrier.Disconnect();
        carrier.Reconnect();
        await pair.ServerCarrier.FlushAsync(default);
        await pair.ClientCarrier.FlushAsync(default);
        Assert.Equal(1, pings);
    }

    [Fact]
    public async Task One_ping_is_answered_with_a_bounded_number_of_resets_and_the_rest_follows()
    {
        const int Streams = 200;
        var gone = 0;
        var allGone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var pair = await TunnelPair.StartAsync(exchange =>
        {
            // Said when the server has forgotten the stream, which is after its RESET: only then is it a stranger.
            exchange.Aborted.Register(() => CountTo(Streams, ref gone, allGone));
            return FailingAsync(exchange);
        });
        var responses = new List<HttpResponseMessage>();
        for (var i = 0; i < Streams; i++)
        {
            responses.Add(await pair.GetAsync().WaitAsync(Patience));
        }

        var lost = 0;
        var allLost = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        pair.Bus.Fault = message =>
        {
            if (message.FrameType != Reset)
            {
                return BusFault.None;
            }

            CountTo(Streams, ref lost, allLost);
            return BusFault.Drop;
        };
        _end.SetResult();
        await Task.WhenAll(allLost.Task, allGone.Task).WaitAsync(Patience);
        pair.Bus.Fault = null;
        Assert.Equal(Streams, pair.Client.OpenStreams);
        pair.Client.CheckAlive(pair.Device);
        for (var left = Streams - PeerEnd.StrangersPerSecond; left > 0; left -= PeerEnd.StrangersPerSecond)
        {
            await pair.ServerCarrier.FlushAsync(default);
            await pair.ClientCarrier.FlushAsync(default);
            Assert.Equal(left, pair.Client.OpenStreams);
            pair.Time.Advance(PeerEnd.AskAgain);
        }

        await pair.ServerCarrier.FlushAsync(default);
        await pair.ClientCarrier.FlushAsync(default);
        Assert.Equal(0, pair.Client.OpenStreams);
        responses.ForEach(static response => response.Dispose());
    }

    [Fact]
    public async Task A_hostile_ping_said_again_and_again_costs_no_more()
    {
        await using var pair = await TunnelPair.StartAsync(FailingAsync);
        using var response = await pair.GetAsync().WaitAsync(Patience);
        BusMessage? asked = null;
        var pinged = pair.Seen(message => message.FrameType == Ping && !OfServer(message) && (asked = message) is not null);
        pair.Client.CheckAlive(pair.Device);
        await pinged;
        Assert.True(PingFrame.TryRead(asked!.Payload.AsSpan(FrameHeader.Size), out var totals, out _));
        var entries = Enumerable.Range(1, PingFrame.MaxStreams).Select(static i => new PingFrame.Entry((uint)i + 1_000_000, 0, 0)).ToArray();
        var resets = 0;
        pair.Bus.Published += message => resets += message.FrameType == Reset ? 1 : 0;
        for (uint i = 0; i < 20; i++)
        {
            pair.Bus.Inject(asked with { Payload = PingFrame.Write(i, totals, entries) });
        }

        await pair.ServerCarrier.FlushAsync(default);
        Assert.InRange(resets, 1, PeerEnd.StrangersPerSecond);
    }

    /// <summary>A response whose handler has failed, and nobody has heard of it.</summary>
    private async Task<HttpResponseMessage> LosingAsync(TunnelPair pair, bool dead = false)
    {
        var response = await pair.GetAsync().WaitAsync(Patience);
        var lost = pair.Seen(static message => message.FrameType == Reset);
        pair.Bus.Fault = static message => message.FrameType == Reset ? BusFault.Drop : BusFault.None;
        _end.SetResult();
        await lost;
        pair.Bus.Fault = null;
        if (dead)
        {
            // Half open: nobody knows yet.
            pair.ServerCarrier.HoldOutgoing();
        }

        return response;
    }

    private static void CountTo(int all, ref int count, TaskCompletionSource done)
    {
        if (Interlocked.Increment(ref count) == all)
        {
            done.SetResult();
        }
    }

    private async Task FailingAsync(TunnelExchange exchange)
    {
        await exchange.ResponseBody.WriteAsync(new byte[20_000], exchange.Aborted);
        await _end.Task;
        throw new InvalidOperationException("Meant to fail.");
    }

    private static async Task<TunnelError> ErrorOf(HttpResponseMessage response) =>
        (await Assert.ThrowsAsync<TunnelException>(() => response.Content.ReadAsByteArrayAsync()).WaitAsync(Patience)).Error;
}
