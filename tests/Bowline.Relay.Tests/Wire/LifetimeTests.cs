using System.Net.Sockets;
using System.Net.WebSockets;
using Bowline.Nostr;
using Bowline.Testing.Time;

namespace Bowline.Relay.Tests.Wire;

public sealed class LifetimeTests
{
    [Fact]
    public async Task A_stop_answers_pending_commits_and_closes_with_1001()
    {
        var taken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var relay = await TestRelay.StartAsync(new MemoryStore
        {
            BeforeCommit = () =>
            {
                taken.SetResult();
                return gate.Task;
            },
        });
        await using var client = await relay.ConnectAsync();
        var value = Make.Note();
        await client.PublishAsync(value);
        await taken.Task;
        var stopped = relay.StopAsync();
        gate.SetResult();
        Assert.True((await client.ReceiveAsync<RelayOkMessage>()).Accepted);
        Assert.Null(await client.ReceiveTextAsync());
        Assert.Equal(WebSocketCloseStatus.EndpointUnavailable, client.Socket.CloseStatus);
        await client.Socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        await stopped;
        Assert.Equal(0, relay.Server.Connections);
    }

    [Fact]
    public async Task A_client_that_does_not_answer_the_close_is_cut_when_the_stop_has_waited()
    {
        await using var relay = await TestRelay.StartAsync(configure: static options => options.StopWithin = TimeSpan.FromMilliseconds(50));
        using var client = await RawClient.ConnectAsync(relay.WebSocket);
        await client.SendAsync("""["REQ","s",{"kinds":[20001]}]""");
        _ = await client.ReceiveTextAsync();
        await relay.StopAsync();
        Assert.Equal(1001, await client.ReceiveCloseAsync());
        Assert.Null(await client.ReceiveAsync());
    }

    [Fact]
    public async Task A_silent_connection_is_pinged_and_then_dropped()
    {
        var time = new ManualTimeProvider(DateTimeOffset.UtcNow);
        await using var relay = await TestRelay.StartAsync(time: time);
        using var client = await RawClient.ConnectAsync(relay.WebSocket);
        await Eventually.Async(() => relay.Server.Connections == 1);
        time.Advance(TimeSpan.FromSeconds(35));
        Assert.Equal((byte)0x89, (await client.ReceiveAsync())!.Value.First);
        await client.SendFrameAsync(0x8A, default);
        await client.SendFrameAsync(0x89, "hi"u8.ToArray());
        var pong = (await client.ReceiveAsync())!.Value; // So our pong was read, too.
        Assert.Equal((byte)0x8A, pong.First);
        Assert.Equal("hi"u8.ToArray(), pong.Payload);
        time.Advance(TimeSpan.FromSeconds(35));
        Assert.Equal((byte)0x89, (await client.ReceiveAsync())!.Value.First);
        time.Advance(TimeSpan.FromSeconds(15));
        Assert.Null(await client.ReceiveAsync());
        await Eventually.Async(() => relay.Server.Connections == 0);
    }

    [Fact]
    public async Task A_client_that_never_reads_is_disconnected_and_harms_nobody()
    {
        var time = new ManualTimeProvider(DateTimeOffset.UtcNow);
        await using var relay = await TestRelay.StartAsync(
            configure: static options => options.Limits = new() { OutgoingBytes = 64 << 10, EventsPerConnection = null, EventsPerAddress = null }, time: time);
        using var stuck = await RawClient.ConnectAsync(relay.WebSocket, receiveBuffer: 4096);
        await stuck.SendAsync("""["REQ","s",{"kinds":[20001]}]""");
        await using var writer = await relay.ConnectAsync();
        await Eventually.Async(() => relay.Server.Subscriptions == 1);
        var large = Make.Note(new string('x', 30_000), kind: Make.Ephemeral);
        while (relay.Server.Connections == 2)
        {
            Assert.True((await writer.AskAsync(large)).Accepted);
            time.Advance(TimeSpan.FromSeconds(1)); // Its close cannot be written, so the sweep cuts it.
        }

        Assert.True((await writer.AskAsync(Make.Note())).Accepted);
        Assert.Equal(0, relay.Server.Subscriptions);
    }

    [Fact]
    public async Task A_slow_client_is_told_why_it_is_disconnected()
    {
        await using var relay = await TestRelay.StartAsync(
            configure: static options => options.Limits = new() { OutgoingBytes = 64 << 10, EventsPerConnection = null, EventsPerAddress = null });
        using var slow = await RawClient.ConnectAsync(relay.WebSocket, receiveBuffer: 4096);
        await slow.SendAsync("""["REQ","s",{"kinds":[20001]}]""");
        await using var writer = await relay.ConnectAsync();
        await Eventually.Async(() => relay.Server.Subscriptions == 1);
        var large = Make.Note(new string('x', 30_000), kind: Make.Ephemeral);
        for (var i = 0; i < 400; i++)
        {
            Assert.True((await writer.AskAsync(large)).Accepted);
        }

        var last = "";
        while (await slow.ReceiveAsync() is { } frame)
        {
            if (frame.First == 0x88)
            {
                Assert.Equal(1008, (frame.Payload[0] << 8) | frame.Payload[1]);
                break;
            }

            last = System.Text.Encoding.UTF8.GetString(frame.Payload);
        }

        Assert.StartsWith("""["NOTICE","error: too slow""", last, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_slow_reader_of_stored_events_is_waited_for()
    {
        await using var relay = await TestRelay.StartAsync(
            configure: static options => options.Limits = new() { OutgoingBytes = 64 << 10, EventsPerConnection = null, EventsPerAddress = null, Queries = 1 });
        await using var writer = await relay.ConnectAsync();
        for (var i = 0; i < 300; i++)
        {
            Assert.True((await writer.AskAsync(Make.Note($"{i}" + new string('x', 30_000)))).Accepted);
        }

        using var slow = await RawClient.ConnectAsync(relay.WebSocket, receiveBuffer: 4096);
        await slow.SendAsync("""["REQ","s",{"kinds":[1]}]""");
        Assert.Equal(300, (await writer.AskAsync("w", Make.Kind(1))).Count); // The one place for queries is not taken by who waits.
        var count = 0;
        while ((await slow.ReceiveTextAsync()).StartsWith("""["EVENT""", StringComparison.Ordinal))
        {
            count++;
        }

        Assert.Equal(300, count);
    }

    [Fact]
    public async Task What_a_half_closed_client_sent_before_is_stored_and_it_is_gone()
    {
        // Kestrel takes the end of the input for the end of the connection; nothing must hang on it.
        var store = new MemoryStore();
        await using var relay = await TestRelay.StartAsync(store);
        using var client = await RawClient.ConnectAsync(relay.WebSocket);
        await client.SendAsync($"""["EVENT",{Make.Note()}]""");
        client.Socket.Shutdown(SocketShutdown.Send);
        await Eventually.Async(() => relay.Server.Connections == 0 && store.Count == 1);
    }

    [Fact]
    public async Task Connections_that_vanish_leave_nothing_behind()
    {
        await using var relay = await TestRelay.StartAsync();
        for (var i = 0; i < 50; i++)
        {
            await using var client = await relay.ConnectAsync();
            await client.RequestAsync("s", Make.Kind(1), Make.Tag('x', "y"));
            if (i % 2 == 0)
            {
                await client.PublishAsync(Make.Note());
            }
        }

        await Eventually.Async(() => relay.Server is { Connections: 0, Subscriptions: 0 });
    }
}
