using Bowline.WebRtc.Tests.Peers;

namespace Bowline.WebRtc.Tests.Channels;

/// <summary>Channels that are closed while messages wait in them, and what is known of messages that wait to leave.</summary>
public sealed class ClosingTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_channel_that_nobody_reads_is_closed_and_the_others_go_on()
    {
        var (pair, left, right) = await PeerPair.ConnectAsync();
        await using var _ = pair;
        var sending = FloodAsync(left);
        await ChannelTests.SettleAsync(() => left.BufferedAmount > 0 ? 1 : 0); // The budget of the other side is full, and both buffers are.
        await right.CloseAsync().WaitAsync(Limit);
        Assert.Equal(WebRtcError.Closed, (await Assert.ThrowsAsync<WebRtcException>(() => sending.WaitAsync(Limit))).Error);
        var next = pair.Offerer.CreateDataChannel("next");
        await next.SendTextAsync("after it");
        await using var messages = (await pair.NextChannelAsync()).ReadAllAsync().GetAsyncEnumerator();
        using var message = await EchoTests.NextAsync(messages);
        Assert.Equal("after it", message.GetText());
        Assert.InRange(pair.Answerer.GetStatistics().MessagesRefused, 1, long.MaxValue); // There was more than closing channels may hold.
    }

    [Fact]
    public async Task What_has_arrived_before_a_channel_is_closed_can_still_be_read()
    {
        var (pair, left, right) = await PeerPair.ConnectAsync();
        await using var _ = pair;
        for (var i = 0; i < 20; i++)
        {
            await left.SendTextAsync($"{i}");
        }

        await ChannelTests.WaitUntilAsync(() => pair.Answerer.GetStatistics().MessagesReceived == 20);
        await right.CloseAsync().WaitAsync(Limit);
        Assert.Equal(Enumerable.Range(0, 20).Select(static i => $"{i}"), await ChannelTests.ReadToEndAsync(right).WaitAsync(Limit));
    }

    [Fact]
    public async Task A_channel_that_the_other_side_has_closed_and_nobody_reads_is_given_up_by_closing_it()
    {
        var (pair, left, right) = await PeerPair.ConnectAsync(PeerPair.Loopback with { ReceiveBudget = 64 * 1024 });
        await using var _ = pair;
        await left.SendAsync(new byte[40 * 1024]);
        await left.CloseAsync().WaitAsync(Limit);
        await ChannelTests.WaitUntilAsync(() => right.State == DataChannelState.Closed); // It hears of the confirmation a moment later.
        var next = pair.Offerer.CreateDataChannel("next");
        await next.SendAsync(new byte[40 * 1024]); // Now the budget is full.
        await next.SendTextAsync("after it");
        var other = await pair.NextChannelAsync();
        await ChannelTests.WaitUntilAsync(() => pair.Answerer.GetStatistics().MessagesReceived == 2);
        await ChannelTests.SettleAsync(() => (int)pair.Answerer.GetStatistics().MessagesReceived);
        Assert.Equal(2, pair.Answerer.GetStatistics().MessagesReceived);
        await right.CloseAsync().WaitAsync(Limit);
        await ChannelTests.WaitUntilAsync(() => pair.Answerer.GetStatistics().MessagesReceived == 3);
        Assert.Equal(DataChannelState.Open, other.State);
    }

    [Fact]
    public async Task A_channel_that_is_read_goes_on_although_another_one_holds_most_of_the_budget()
    {
        var (pair, left, _) = await PeerPair.ConnectAsync(PeerPair.Loopback with { ReceiveBudget = 64 * 1024 });
        await using var __ = pair;
        await left.SendAsync(new byte[40 * 1024]); // Nobody reads it.
        var next = pair.Offerer.CreateDataChannel("next");
        await next.SendAsync(new byte[40 * 1024]); // Now the budget is full.
        await next.SendTextAsync("after it");
        await using var messages = (await pair.NextChannelAsync()).ReadAllAsync().GetAsyncEnumerator();
        await ChannelTests.WaitUntilAsync(() => pair.Answerer.GetStatistics().MessagesReceived == 2);
        await ChannelTests.SettleAsync(() => (int)pair.Answerer.GetStatistics().MessagesReceived);
        Assert.Equal(2, pair.Answerer.GetStatistics().MessagesReceived);
        using (await EchoTests.NextAsync(messages))
        {
        }

        using var last = await EchoTests.NextAsync(messages).WaitAsync(TimeSpan.FromSeconds(5)); // Before a heartbeat, which would wake this side too.
        Assert.Equal("after it", last.GetText());
    }

    [Fact]
    public async Task A_reader_that_waits_gets_its_message_as_soon_as_another_one_makes_room()
    {
        var (pair, left, right) = await PeerPair.ConnectAsync(PeerPair.Loopback with { ReceiveBudget = 64 * 1024 });
        await using var _ = pair;
        var next = pair.Offerer.CreateDataChannel("next");
        await using var waiting = (await pair.NextChannelAsync()).ReadAllAsync().GetAsyncEnumerator();
        var message = EchoTests.NextAsync(waiting);
        for (var i = 0; i < 7; i++)
        {
            await left.SendAsync(new byte[10 * 1024]);
        }

        await ChannelTests.WaitUntilAsync(() => pair.Answerer.GetStatistics().MessagesReceived == 7); // The budget is full.
        await next.SendTextAsync("behind them");
        await ChannelTests.SettleAsync(() => (int)pair.Answerer.GetStatistics().DatagramsReceived);
        Assert.False(message.IsCompleted);
        await using var others = right.ReadAllAsync().GetAsyncEnumerator();
        using (await EchoTests.NextAsync(others))
        {
        }

        using var got = await message.WaitAsync(TimeSpan.FromSeconds(5)); // Before a heartbeat, which would wake this side too.
        Assert.Equal("behind them", got.GetText());
    }

    [Fact]
    public async Task Every_message_that_waits_is_in_the_buffered_amount()
    {
        const int Size = 100_000;
        var (pair, left, _) = await PeerPair.ConnectAsync();
        await using var __ = pair;
        using var cancel = new CancellationTokenSource();
        var sends = Enumerable.Range(0, 60).Select(_ => left.SendAsync(new byte[Size], cancel.Token).AsTask()).ToList();
        await ChannelTests.SettleAsync(() => sends.Count(static send => send.IsCompleted));
        Assert.Equal(sends.Count(static send => !send.IsCompleted) * (long)Size, left.BufferedAmount);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAll(sends));
        Assert.Equal(0, left.BufferedAmount);
    }

    [Theory]
    [InlineData(1024)]
    [InlineData(256 * 1024)]
    public async Task A_label_and_a_protocol_as_long_as_they_may_be_arrive_and_longer_ones_are_refused(int longestMessage)
    {
        var (pair, _, _) = await PeerPair.ConnectAsync(PeerPair.Loopback with { MaxMessageSize = longestMessage });
        await using var __ = pair;
        var longest = pair.Offerer.CreateDataChannel(new string('l', 60_000), new() { Protocol = new string('p', 5_524) });
        var made = await pair.NextChannelAsync();
        Assert.Equal(longest.Label, made.Label);
        Assert.Equal(longest.Options.Protocol, made.Options.Protocol);
        Assert.Throws<ArgumentOutOfRangeException>(() => pair.Offerer.CreateDataChannel(new string('l', 60_001), new() { Protocol = new string('p', 5_524) }));
    }

    private static async Task FloodAsync(IDataChannel channel)
    {
        while (true)
        {
            await channel.SendAsync(new byte[100_000]);
        }
    }
}
