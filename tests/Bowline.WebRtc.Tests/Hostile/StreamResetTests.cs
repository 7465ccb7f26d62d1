using Bowline.WebRtc.Tests.Peers;

namespace Bowline.WebRtc.Tests.Hostile;

/// <summary>Peers that treat the resets of streams as they may, but others do not (RFC 6525).</summary>
public sealed class StreamResetTests
{
    private const int EnableStreamReset = 0x900;
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
        peer.Reset();
        foreach (var channel in channels)
        {
            Assert.Empty(await ChannelTests.ReadToEndAsync(channel).WaitAsync(Limit));
        }
    }
}
