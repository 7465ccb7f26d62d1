using System.Globalization;
using System.Net;
using Bowline.Testing.Tunnel;
using Bowline.Tunnel.Tests.Support;

namespace Bowline.Tunnel.Tests.Exchanges;

/// <summary>A peer that breaks the rules on purpose, and faults that come again and again: what is held stays bounded.</summary>
public sealed class HostilePeerTests
{
    private const int HeadFrame = 3;
    private const int DataFrame = 4;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static async Task<TunnelError> ErrorOf(Func<Task> action) => (await Assert.ThrowsAsync<TunnelException>(action).WaitAsync(Patience)).Error;

    [Theory]
    [InlineData(5, 60_000, 64)]
    [InlineData(4, 1, 10_000)]
    public async Task Early_frames_of_a_move_are_held_up_to_a_bound_whatever_they_are(byte type, int size, int count)
    {
        await using var pair = await TunnelPair.StartAsync(async exchange =>
        {
            await exchange.ResponseBody.WriteAsync(new byte[100_000], exchange.Aborted);
            await Task.Delay(Timeout.Infinite, exchange.Aborted);
        });
        var headSeen = pair.Seen(static message => message.FrameType == HeadFrame);
        using var response = await pair.GetAsync();
        var head = await headSeen;
        Assert.True(InstanceId.TryRead(head.Payload.AsSpan(FrameHeader.Size), out var instance));
        pair.Bus.Inject(head with { Payload = ControlFrames.Move(head.StreamId, 1_000_000, instance with { Number = instance.Number + 1 }) });
        for (uint i = 0; i < count; i++)
        {
            var frame = new byte[FrameHeader.Size + size];
            new FrameHeader((FrameType)type, type == 5 ? FrameFlags.End : FrameFlags.None, head.StreamId, 500_000 + i).Write(frame);
            pair.Bus.Inject(head with { Payload = frame });
        }

        Assert.Equal(TunnelError.FlowControl, await ErrorOf(() => response.Content.ReadAsByteArrayAsync()));
    }

    [Fact]
    public async Task Broken_streams_do_not_use_up_the_window_of_the_connection()
    {
        await using var pair = await TunnelPair.StartAsync(static exchange => exchange.ResponseBody.WriteAsync(Payload.Create(1_000_000), exchange.Aborted).AsTask());
        for (var i = 0; i < 80; i++)
        {
            pair.Bus.Fault = static message => message is { FrameType: DataFrame, Seq: 3 } ? BusFault.Repeat : BusFault.None;
            using var broken = await pair.GetAsync().WaitAsync(Patience);
            Assert.Equal(TunnelError.FrameRepeated, await ErrorOf(() => broken.Content.ReadAsByteArrayAsync()));
        }

        pair.Bus.Fault = null;
        using var next = await pair.GetAsync().WaitAsync(Patience);
        Assert.Equal(1_000_000, (await next.Content.ReadAsByteArrayAsync().WaitAsync(Patience)).Length);
    }

    [Fact]
    public async Task Late_answers_in_the_name_of_any_instance_are_not_remembered()
    {
        await using var pair = await TunnelPair.StartAsync(TestHandler.Hello);
        pair.ServerCarrier.Freeze();
        var opened = pair.Seen(static message => message.FrameType == 1);
        var failure = ErrorOf(() => pair.GetAsync());
        var open = await opened;
        pair.Time.Advance(TimeSpan.FromMilliseconds(1001));
        Assert.Equal(TunnelError.AcceptTimeout, await failure);
        var reply = open.ReplyTo[..^(open.StreamId.ToString(CultureInfo.InvariantCulture).Length + 1)];
        for (ulong boot = 1; boot <= 100; boot++)
        {
            pair.Bus.Inject(new(reply, "", ControlFrames.Accept(open.StreamId, new(boot, 1))));
        }

        await pair.ClientCarrier.FlushAsync(default);
        Assert.Equal(0, pair.Client.KnownPeers);
    }

    [Fact]
    public async Task A_request_refused_as_busy_may_come_again_with_its_key()
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
        var first = pair.GetAsync();
        await running.Task.WaitAsync(Patience);
        using (var busy = await pair.SendAsync(Keyed()))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, busy.StatusCode);
        }

        go.SetResult();
        using var done = await first;
        await pair.NothingRunsAsync();
        using var again = await pair.SendAsync(Keyed());
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        await pair.NothingRunsAsync();
        using var repeated = await pair.SendAsync(Keyed());
        Assert.Equal(HttpStatusCode.Conflict, repeated.StatusCode);
    }

    [Fact]
    public async Task A_key_that_cannot_be_remembered_starts_nothing_and_says_so()
    {
        var ran = 0;
        await using var pair = await TunnelPair.StartAsync(
            exchange =>
            {
                ran++;
                return TestHandler.Hello(exchange);
            },
            TunnelPair.Options(keys: new FullDisk()));
        using var response = await pair.SendAsync(Keyed()).WaitAsync(Patience);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(0, ran);
        Assert.Equal(0, pair.Server.RunningExchanges);
    }

    private static HttpRequestMessage Keyed() => new(HttpMethod.Post, "/") { Headers = { { "Idempotency-Key", "k1" } } };

    private sealed class FullDisk : IIdempotencyKeys
    {
        public bool TryEnter(string key) => throw new IOException("No space left on device");
    }
}
