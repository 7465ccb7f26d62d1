using Bowline.WebRtc.Tests.Delivery;

namespace Bowline.WebRtc.Tests.Peers;

/// <summary>What a connection says of itself, while it works and while it does not.</summary>
public sealed class StatisticsTests(ITestOutputHelper output)
{
    [Fact]
    public async Task A_connection_that_works_says_what_it_measures()
    {
        var (pair, left, right) = await PeerPair.ConnectAsync();
        await using var _ = pair;
        await DeliveryTests.SettleAsync(left, right);
        await left.SendAsync(new byte[100_000]);
        await ChannelTests.WaitUntilAsync(() => pair.Answerer.GetStatistics().MessagesReceived == 2);
        var sender = pair.Offerer.GetStatistics();
        Assert.NotNull(sender.Pair);
        Assert.InRange(sender.RoundTrip!.Value, TimeSpan.Zero, TimeSpan.FromSeconds(1));
        Assert.InRange(sender.RetransmissionTimeout!.Value, TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(2));
        Assert.InRange(sender.CongestionWindow, 4 * 1100, 1024 * 1024);
        Assert.InRange(sender.SinceReceived!.Value, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        Assert.InRange(sender.PacketsSent, 100_000 / 1184, 1000);
        Assert.InRange(sender.BytesSent, 100_000, 200_000);
        Assert.InRange(pair.Answerer.GetStatistics().BytesReceived, 100_000, 200_000);
        Assert.Equal(0, sender.PacketsSuppressed);
    }

    /// <summary>RFC 9260, section 6.2. Both ends of a transfer pay for every acknowledgement.</summary>
    [Fact]
    public async Task In_a_transfer_one_packet_acknowledges_two()
    {
        var (pair, left, right) = await PeerPair.ConnectAsync();
        await using var _ = pair;
        using var stop = new CancellationTokenSource();
        var reading = ReadAsync(right, stop.Token);
        var message = new byte[64 * 1024];
        var (data, acknowledgements) = (pair.Offerer.GetStatistics().PacketsSent, pair.Answerer.GetStatistics().PacketsSent);
        for (var i = 0; i < 320; i++)
        {
            await left.SendAsync(message).AsTask().WaitAsync(TimeSpan.FromSeconds(20));
        }

        data = pair.Offerer.GetStatistics().PacketsSent - data;
        acknowledgements = pair.Answerer.GetStatistics().PacketsSent - acknowledgements;
        output.WriteLine($"{acknowledgements} acknowledgements of {data} packets");
        Assert.InRange(acknowledgements / (double)data, 0.4, 0.65);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
    }

    [Fact]
    public async Task While_the_other_side_is_suspect_one_packet_a_second_leaves_and_the_rest_is_counted()
    {
        var (pair, left, _) = await PeerPair.ConnectAsync();
        await using var __ = pair;
        await using var silent = await SilentPath.MuteAsync(pair.Answerer);
        pair.Offerer.SetSuspect(isSuspect: true);
        var before = pair.Answerer.GetStatistics().DatagramsReceived;
        var clock = System.Diagnostics.Stopwatch.StartNew();
        for (var i = 0; i < 30; i++)
        {
            await left.SendAsync(new byte[1000]);
            await Task.Delay(100);
        }

        var seconds = clock.Elapsed.TotalSeconds;
        var arrived = pair.Answerer.GetStatistics().DatagramsReceived - before;
        output.WriteLine($"{arrived} packets in {seconds:0.0} s, {pair.Offerer.GetStatistics().PacketsSuppressed} held back");
        Assert.InRange(arrived, 2, (long)seconds + 1);
        Assert.InRange(pair.Offerer.GetStatistics().PacketsSuppressed, 1, long.MaxValue);
        Assert.True(pair.Offerer.IsSuspect);
    }

    [Fact]
    public async Task When_ICE_finds_no_path_it_is_told_and_nothing_is_closed()
    {
        await using var offerer = PeerConnection.Create(PeerPair.Loopback);
        var answerer = PeerConnection.Create(PeerPair.Loopback);
        var left = offerer.CreateDataChannel("test");
        await answerer.SetRemoteDescriptionAsync(await offerer.CreateOfferAsync());
        var answer = await answerer.CreateAnswerAsync();
        await answerer.DisposeAsync(); // Or it would find us.
        var lines = answer.Sdp.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Where(static line => !line.StartsWith("a=candidate", StringComparison.Ordinal) && line != "a=end-of-candidates");
        string[] elsewhere = [.. lines, "a=candidate:1 1 udp 1 127.0.0.1 9 typ host", "a=end-of-candidates", ""]; // The discard port: nobody answers.
        await offerer.SetRemoteDescriptionAsync(answer with { Sdp = string.Join("\r\n", elsewhere) });
        await ChannelTests.WaitUntilAsync(() => offerer.Status.Ice == IceState.Failed);
        Assert.Equal(PeerConnectionState.Connecting, offerer.Status.State);
        Assert.Equal(DataChannelState.Connecting, left.State);
    }

    private static async Task ReadAsync(IDataChannel channel, CancellationToken stop)
    {
        await foreach (var message in channel.ReadAllAsync(stop))
        {
            message.Dispose();
        }
    }
}
