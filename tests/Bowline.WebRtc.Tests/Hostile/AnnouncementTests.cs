using Bowline.WebRtc.Tests.Peers;

namespace Bowline.WebRtc.Tests.Hostile;

/// <summary>What a peer may do to this side with the names of channels, and with a new association under the old ones.</summary>
public sealed class AnnouncementTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData(256, 256)]
    [InlineData(256, 1)]
    public async Task A_peer_that_begins_the_association_anew_ends_the_connection(ushort outgoing, ushort incoming)
    {
        await using var peer = await HostilePeer.ConnectAsync();
        var channel = peer.Victim.CreateDataChannel("old", new() { NegotiatedId = 3 });
        await peer.RestartAsync(outgoing, incoming);
        peer.SendMessage(4, DataChannelPpid.Control, HostilePeer.Open("new", ""));
        var told = await Assert.ThrowsAsync<WebRtcException>(() => ChannelTests.ReadToEndAsync(channel).WaitAsync(Limit));
        Assert.Equal(WebRtcError.ClosedByPeer, told.Error);
        Assert.Contains("anew", told.Message, StringComparison.Ordinal);
        Assert.Equal(WebRtcError.ClosedByPeer, peer.Victim.Status.Failure?.Error);
    }

    [Fact]
    public async Task An_announcement_that_is_too_long_is_refused_as_a_whole()
    {
        await using var peer = await HostilePeer.ConnectAsync();
        byte[] tooLong = [.. new byte[DcepCodec.Longest], .. HostilePeer.Open("its tail", "")];
        peer.SendMessage(4, DataChannelPpid.Control, tooLong);
        await ChannelTests.WaitUntilAsync(() => peer.Victim.GetStatistics().MessagesRefused == 1);
        await peer.TalkAsync();
        Assert.DoesNotContain(peer.Heard, static heard => heard.Stream == 4);
        Assert.Equal(1, peer.Victim.GetStatistics().MessagesRefused);
    }

    [Fact]
    public async Task Names_are_bounded_until_their_channels_are_over_and_read()
    {
        const int Count = 10;
        await using var peer = await HostilePeer.ConnectAsync(PeerPair.Loopback with { ReceiveBudget = 64 * 1024 });
        var open = HostilePeer.Open(new string('n', 10_000), ""); // 20,000 bytes of memory: three of them fit.
        for (var i = 0; i < Count; i++)
        {
            peer.SendMessage((ushort)(2 * i), DataChannelPpid.Control, open);
        }

        await ChannelTests.WaitUntilAsync(() => peer.Victim.GetStatistics().MessagesRefused == Count - 3);
        foreach (ushort stream in (ushort[])[2, 4])
        {
            peer.Reset(stream);
            await ChannelTests.WaitUntilAsync(() => peer.Resets.Contains(stream));
        }

        peer.SendMessage(40, DataChannelPpid.Control, open);
        await ChannelTests.WaitUntilAsync(() => peer.Victim.GetStatistics().MessagesRefused == Count - 3 + 1); // Two are over, but wait for their reader.
        using var limit = new CancellationTokenSource(Limit);
        await using var channels = peer.Victim.ReadChannelsAsync(limit.Token).GetAsyncEnumerator(limit.Token);
        var states = new List<DataChannelState>();
        for (var i = 0; i < 3; i++)
        {
            Assert.True(await channels.MoveNextAsync());
            states.Add(channels.Current.State);
        }

        Assert.Equal([DataChannelState.Open, DataChannelState.Closed, DataChannelState.Closed], states);
        for (var i = 0; i < Count; i++)
        {
            peer.SendMessage((ushort)(60 + (2 * i)), DataChannelPpid.Control, open);
        }

        await ChannelTests.WaitUntilAsync(() => peer.Victim.GetStatistics().MessagesRefused == Count - 3 + 1 + Count - 2);
    }
}
