using Bowline.WebRtc.Tests.Peers;

namespace Bowline.WebRtc.Tests.Hostile;

/// <summary>Peers that treat the resets of streams as they may, but others do not (RFC 6525).</summary>
public sealed class StreamResetTests
{
    private const int EnableStreamReset = 0x900;
    internal const int ResetStreams = 0x901;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_peer_that_refuses_to_end_a_stream_keeps_no_channel_open()
    {
        await using var peer = await HostilePeer.ConnectAsync();
        var channels = Enumerable.Range(0, 5).Select(i => peer.Victim.CreateDataChannel($"{i}")).ToList();
        HostilePeer.Set(peer.Association, EnableStreamReset, new SctpAssociationValue(), length: 8);
        await Task.WhenAll(channels.Select(static channel => channel.CloseAsync())).WaitAsync(Limit);
        Assert.All(channels, static channel => Assert.Equal(DataChannelState.Closed, channel.State));
        Assert.InRange(peer.Victim.GetStatistics().MessagesRefused, 5, long.MaxValue);
        var next = peer.Victim.CreateDataChannel("next");
        Assert.DoesNotContain(next.Id, channels.Select(static channel => channel.Id)); // The numbers of the old streams go on.
    }

    [Fact]
    public async Task A_peer_that_resets_all_its_streams_at_once_closes_every_channel()
    {
        await using var peer = await HostilePeer.ConnectAsync();
        var channels = Enumerable.Range(0, 5).Select(i => peer.Victim.CreateDataChannel($"{i}")).ToList();
        await ChannelTests.WaitUntilAsync(() => peer.Heard.Count >= channels.Count);
        HostilePeer.Set(peer.Association, ResetStreams, new SctpResetStream { Flags = SctpResetStream.Outgoing }, length: 8);
        foreach (var channel in channels)
        {
            Assert.Empty(await ChannelTests.ReadToEndAsync(channel).WaitAsync(Limit));
        }
    }

    [Fact]
    public async Task A_stream_that_is_used_again_while_the_confirmation_of_its_end_is_lost_gets_its_new_channel()
    {
        await using var peer = await HostilePeer.ConnectAsync();
        using var limit = new CancellationTokenSource(Limit);
        await using var channels = peer.Victim.ReadChannelsAsync(limit.Token).GetAsyncEnumerator(limit.Token);
        peer.SendMessage(4, DataChannelPpid.Control, HostilePeer.Open("first", ""));
        Assert.True(await channels.MoveNextAsync());
        var first = channels.Current;
        peer.LosesConfirmations = true;
        HostilePeer.Set(peer.Association, ResetStreams, new SctpResetStream { Flags = SctpResetStream.Outgoing, Count = 1, Stream = 4 }, length: 10);
        await ChannelTests.WaitUntilAsync(() => peer.Resets.Contains((ushort)4));
        Assert.NotEqual(DataChannelState.Closed, first.State); // It does not know yet that its reset was taken.
        peer.SendMessage(4, DataChannelPpid.Control, HostilePeer.Open("second", ""));
        peer.SendMessage(4, DataChannelPpid.Text, "for the second"u8);
        await ChannelTests.WaitUntilAsync(() => first.State == DataChannelState.Closed);
        Assert.Empty(await ChannelTests.ReadToEndAsync(first).WaitAsync(Limit));
        var other = peer.Victim.CreateDataChannel("other", new() { NegotiatedId = 3 });
        await other.SendTextAsync("meanwhile", limit.Token);
        await ChannelTests.WaitUntilAsync(() => peer.Heard.Any(static heard => heard is { Stream: 3, Ppid: DataChannelPpid.Text }));
        var next = channels.MoveNextAsync();
        Assert.False(next.IsCompleted); // This side cannot send on the stream yet.
        peer.LosesConfirmations = false; // The reset is repeated, and what waits for its end goes on.
        Assert.True(await next);
        var second = channels.Current;
        Assert.Equal("second", second.Label);
        await using var messages = second.ReadAllAsync(limit.Token).GetAsyncEnumerator(limit.Token);
        using var message = await EchoTests.NextAsync(messages);
        Assert.Equal("for the second", message.GetText());
        await second.SendTextAsync("heard", limit.Token);
        await ChannelTests.WaitUntilAsync(() => peer.Heard.Any(static heard => heard is { Stream: 4, Ppid: DataChannelPpid.Text }));
        Assert.Equal(2, peer.Heard.Count(static heard => heard is { Stream: 4, Ppid: DataChannelPpid.Control, Content: [2, ..] }));
        Assert.Equal((DataChannelState.Open, 0), (second.State, peer.Victim.GetStatistics().MessagesRefused));
    }
}
