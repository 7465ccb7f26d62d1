using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Bowline.WebRtc.Tests.Peers;

namespace Bowline.WebRtc.Tests.Hostile;

/// <summary>Garbage at each layer: refused, counted, bounded, and of no effect on anybody else.</summary>
public sealed class HostileTests
{
    private static readonly PeerConnectionOptions Small = PeerPair.Loopback with { MaxMessageSize = 32 * 1024, MaxChannels = 8 };

    [Fact]
    public async Task Datagrams_from_strangers_to_the_ports_of_ICE_change_nothing()
    {
        var (pair, left, right) = await PeerPair.ConnectAsync();
        await using var _ = pair;
        using var stranger = new UdpClient(AddressFamily.InterNetwork);
        var draws = new Random(5);
        foreach (var target in Ports(pair.Offerer).Concat(Ports(pair.Answerer)))
        {
            for (var i = 0; i < 2_000; i++)
            {
                var datagram = new byte[draws.Next(0, 1400)];
                draws.NextBytes(datagram);
                if (datagram.Length >= 20 && i % 3 == 0)
                {
                    // Looks like a binding request with a length that fits, up to its attributes.
                    BinaryPrimitives.WriteUInt16BigEndian(datagram, 0x0001);
                    BinaryPrimitives.WriteUInt16BigEndian(datagram.AsSpan(2), (ushort)((datagram.Length - 20) & ~3));
                    BinaryPrimitives.WriteUInt32BigEndian(datagram.AsSpan(4), 0x2112A442);
                }
                else if (datagram.Length > 0 && i % 3 == 1)
                {
                    datagram[0] = (byte)draws.Next(20, 64); // Looks like DTLS.
                }

                await stranger.SendAsync(datagram, new IPEndPoint(IPAddress.Loopback, target));
            }
        }

        await EchoAsync(left, right);
        Assert.Equal(PeerConnectionState.Connected, pair.Offerer.Status.State);
    }

    [Fact]
    public async Task Genuine_records_that_are_doubled_or_changed_are_counted_and_the_association_goes_on()
    {
        await using var peer = await HostilePeer.ConnectAsync();
        var genuine = new System.Collections.Concurrent.ConcurrentQueue<byte[]>();
        peer.Path.Carries = datagram =>
        {
            genuine.Enqueue(datagram);
            return true;
        };
        await peer.TalkAsync(stream: 20);
        Assert.NotEmpty(genuine);
        var before = peer.Victim.GetStatistics();
        var draws = new Random(8);
        var injected = 0;
        foreach (var datagram in genuine.ToArray())
        {
            for (var i = 0; i < 50; i++, injected += 2)
            {
                peer.VictimsPath.Inject(datagram);
                byte[] changed = [.. datagram];
                changed[draws.Next(1, changed.Length)] ^= (byte)(1 << draws.Next(8));
                peer.VictimsPath.Inject(changed);
            }
        }

        var after = peer.Victim.GetStatistics();
        Assert.Equal(before.MessagesReceived, after.MessagesReceived);
        Assert.InRange(after.DatagramsRefused - before.DatagramsRefused, injected * 9 / 10, injected);
        await peer.TalkAsync(stream: 22);
    }

    [Fact]
    public async Task Records_that_are_made_up_are_counted_and_the_association_goes_on()
    {
        await using var peer = await HostilePeer.ConnectAsync();
        var before = peer.Victim.GetStatistics().DatagramsRefused;
        var draws = new Random(6);
        for (var i = 0; i < 1_000; i++)
        {
            var datagram = new byte[draws.Next(1, IDatagramPath.LongestDatagram)];
            draws.NextBytes(datagram);
            datagram[0] = (byte)draws.Next(0, 256);
            if (i % 2 == 0 && datagram.Length > 13)
            {
                // A record of the right kind, version and epoch, of any number and content.
                ((byte[])[23, 0xFE, 0xFD, 0, 1]).CopyTo(datagram, 0);
                BinaryPrimitives.WriteUInt16BigEndian(datagram.AsSpan(11), (ushort)(datagram.Length - 13));
            }

            peer.VictimsPath.Inject(datagram);
            Assert.True(peer.Victim.Status.State == PeerConnectionState.Connected, $"{peer.Victim.Status.Failure?.Message} after {Convert.ToHexString(datagram)}");
        }

        Assert.InRange(peer.Victim.GetStatistics().DatagramsRefused - before, 990, 1_000);
        await peer.TalkAsync();
    }

    [Fact]
    public async Task Before_the_description_only_one_flight_is_kept()
    {
        await using var peer = await HostilePeer.ConnectAsync(negotiate: false);
        for (var i = 0; i < 1_000; i++)
        {
            peer.VictimsPath.Inject([22, 0, 0, 0, 0, 0, 0, 0, 0, 0, (byte)i, 0, 1, 0]); // A version that does not exist.
        }

        Assert.Equal(1_000 - EarlyDatagrams.Most, peer.Victim.GetStatistics().DatagramsRefused);
        await peer.NegotiateAsync();
        await peer.TalkAsync();
    }

    [Fact]
    public async Task Packets_of_SCTP_with_a_wrong_checksum_or_tag_change_nothing()
    {
        await using var peer = await HostilePeer.ConnectAsync();
        var before = peer.Victim.GetStatistics().DatagramsRefused;
        var draws = new Random(7);
        for (var i = 0; i < 500; i++)
        {
            var packet = new byte[draws.Next(0, 1180)];
            draws.NextBytes(packet);
            Assert.Equal(packet.Length > 0, peer.SendPacket(packet));
        }

        await ChannelTests.WaitUntilAsync(() => peer.Victim.GetStatistics().DatagramsRefused - before >= 490);
        foreach (var type in (byte[])[0, 3, 4, 6, 7, 8, 9, 11, 14, 130, 192])
        {
            byte[] packet = [0x13, 0x88, 0x13, 0x88, 0xDE, 0xAD, 0xBE, 0xEF, 0, 0, 0, 0, type, 0, 0, 8, 0, 0, 0, 0];
            SctpChecksum.Write(packet);
            peer.SendPacket(packet);
        }

        await peer.TalkAsync();
    }

    /// <summary>With the right tag a chunk may end the association, as the rules have it; it ends that one only, and says so.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Chunks_of_any_kind_and_content_end_their_own_association_at_most(int seed)
    {
        var (pair, left, right) = await PeerPair.ConnectAsync();
        await using var _ = pair;
        const int Count = 300;
        var draws = new Random(seed);
        var ended = 0;
        for (var round = 0; round < 6; round++)
        {
            await using var peer = await HostilePeer.ConnectAsync(Small);
            var before = peer.Victim.GetStatistics().DatagramsReceived;
            for (var i = 0; i < Count; i++)
            {
                peer.SendChunks(Chunks(draws));
            }

            await ChannelTests.WaitUntilAsync(() => peer.Victim.GetStatistics().DatagramsReceived - before >= Count);
            await EchoAsync(left, right);
            Assert.NotEqual(WebRtcError.NativeFailure, peer.Victim.Status.Failure?.Error);
            ended += peer.Victim.Status.State == PeerConnectionState.Connected ? 0 : 1;
        }

        Assert.InRange(ended, 1, 6); // They had the right tag, so some were taken at their word.
    }

    [Fact]
    public async Task Data_for_nobody_is_refused_and_a_message_that_is_too_long_closes_its_channel()
    {
        await using var peer = await HostilePeer.ConnectAsync(Small);
        var channel = peer.Victim.CreateDataChannel("target", new() { NegotiatedId = 2 });
        var other = peer.Victim.CreateDataChannel("other", new() { NegotiatedId = 4 });
        Assert.Equal(DataChannelState.Open, channel.State);
        var piece = new byte[1_000];
        peer.SendData(9_999, 0, DataChannelPpid.Binary, piece); // A stream that was never agreed.
        peer.SendData(6, 0, DataChannelPpid.Binary, piece); // One without a channel.
        peer.SendData(4, 0, 4_711, piece); // A protocol that does not exist.
        for (var i = 0; i < 200; i++) // Six times as long as a message may be, and then the end of it.
        {
            peer.SendData(2, 0, DataChannelPpid.Binary, piece, isFirst: i == 0, isLast: i == 199);
        }

        await ChannelTests.WaitUntilAsync(() => channel.State != DataChannelState.Open);
        Assert.Equal((PeerConnectionState.Connected, null), (peer.Victim.Status.State, peer.Victim.Status.Failure?.Message));
        peer.SendData(4, 1, DataChannelPpid.Text, "still here"u8);
        await using var messages = other.ReadAllAsync().GetAsyncEnumerator();
        using var message = await EchoTests.NextAsync(messages);
        Assert.Equal("still here", message.GetText());
        Assert.InRange(peer.Victim.GetStatistics().MessagesRefused, 3, 10);
    }

    [Fact]
    public async Task An_announcement_that_is_read_after_its_sender_has_aborted_is_answered_to_nobody()
    {
        await using var peer = await HostilePeer.ConnectAsync(Small with { ReceiveBudget = 64 * 1024 });
        var channel = peer.Victim.CreateDataChannel("unread", new() { NegotiatedId = 2 });
        for (ushort sequence = 0; sequence < 100; sequence++)
        {
            peer.SendData(2, sequence, DataChannelPpid.Binary, new byte[1_000]); // More than the budget: the rest waits in SCTP.
        }

        peer.SendData(0, 0, DataChannelPpid.Control, HostilePeer.Open("orphan", ""));
        peer.SendChunks([6, 0, 0, 4]); // ABORT
        var count = 0;
        var ended = await Assert.ThrowsAsync<WebRtcException>(async () =>
        {
            await foreach (var message in channel.ReadAllAsync())
            {
                message.Dispose();
                count++;
            }
        });
        Assert.True(ended.Error == WebRtcError.ClosedByPeer, ended.ToString());
        Assert.InRange(count, 64, 100);
        Assert.Equal(WebRtcError.ClosedByPeer, peer.Victim.Status.Failure?.Error);
    }

    [Fact]
    public async Task A_send_that_waits_for_room_is_told_when_DTLS_ends_without_a_word_of_SCTP()
    {
        await using var peer = await HostilePeer.ConnectAsync();
        var channel = peer.Victim.CreateDataChannel("unheard", new() { NegotiatedId = 2 });
        peer.GoDeaf();
        var sending = Task.Run(async () =>
        {
            while (true)
            {
                await channel.SendAsync(new byte[64 * 1024]);
            }
        });
        await ChannelTests.SettleAsync(() => channel.BufferedAmount > 0 ? 1 : 0);
        peer.EndDtls();
        var told = await Assert.ThrowsAsync<WebRtcException>(() => sending.WaitAsync(TimeSpan.FromSeconds(20)));
        Assert.Equal(WebRtcError.Closed, told.Error);
        Assert.Equal(WebRtcError.ClosedByPeer, peer.Victim.Status.Failure?.Error);
    }

    [Fact]
    public async Task Announcements_that_break_the_rules_are_counted_and_make_no_channel()
    {
        const int Ours = 40;
        await using var peer = await HostilePeer.ConnectAsync(PeerPair.Loopback with { MaxChannels = 64 });
        var open = HostilePeer.Open("good", "");
        peer.SendMessage(0, DataChannelPpid.Control, open);
        await ChannelTests.WaitUntilAsync(() => peer.Heard.Any(static heard => heard is { Stream: 0, Ppid: DataChannelPpid.Control, Content: [2, ..] }));
        byte[][] bad =
        [
            open, // On a stream that has a channel.
            [], [3], open[..11], [.. open, 0], // Cut off, and too long.
            [9, .. open[1..]], // No such message.
            [3, 0x7F, .. open[2..]], // No such kind of channel.
            [.. open[..8], 0xFF, 0xFF, .. open[10..]], // A label that is longer than the message.
            [.. open[..12], 0xFF, 0xFE, 0xFF, 0xFE], // A label that is no UTF-8.
        ];
        foreach (var (index, message) in bad.Index())
        {
            peer.SendMessage((ushort)(index == 0 ? 0 : 2 * index), DataChannelPpid.Control, message.Length == 0 ? [0] : message);
        }

        peer.SendMessage(1, DataChannelPpid.Control, open); // A stream of the victim's own parity.
        await ChannelTests.WaitUntilAsync(() => peer.Victim.GetStatistics().MessagesRefused == bad.Length + 1);
        await peer.TalkAsync();
        for (var i = 0; i < Ours; i++)
        {
            peer.Victim.CreateDataChannel("ours");
        }

        for (var stream = 24; stream < 124; stream += 2)
        {
            peer.SendMessage((ushort)stream, DataChannelPpid.Control, open); // 50 of them, where 22 have room.
        }

        await ChannelTests.WaitUntilAsync(() => peer.Victim.GetStatistics().MessagesRefused == bad.Length + 1 + 50 - (64 - Ours - 2));
        await ChannelTests.WaitUntilAsync(() => peer.Heard.Count(static heard => heard is { Ppid: DataChannelPpid.Control, Content: [2, ..] }) == 64 - Ours);
    }

    [Fact]
    public async Task More_addresses_than_anybody_has_are_refused_and_the_connection_comes_up_all_the_same()
    {
        await using var offerer = PeerConnection.Create(PeerPair.Loopback);
        await using var answerer = PeerConnection.Create(PeerPair.Loopback);
        var left = offerer.CreateDataChannel("test");
        await answerer.SetRemoteDescriptionAsync(await offerer.CreateOfferAsync());
        var refusals = 0;
        for (var i = 0; i < 1_000; i++)
        {
            try
            {
                await answerer.AddIceCandidateAsync(new($"candidate:{i} 1 udp 1 192.0.2.{i % 250 + 1} {i + 1024} typ host", "0", 0, null));
            }
            catch (WebRtcException e) when (e.Error == WebRtcError.LimitReached)
            {
                refusals++;
            }
        }

        Assert.Equal(1_000 - IceGeneration.MostRemote, refusals);
        await offerer.SetRemoteDescriptionAsync(await answerer.CreateAnswerAsync());
        await left.WaitForOpenAsync().WaitAsync(TimeSpan.FromSeconds(20));
    }

    private static IEnumerable<int> Ports(PeerConnection connection) => SdpNegotiation.Read(connection.LocalDescription!).Data.Candidates.Select(static line => line.Port).Distinct();

    /// <summary>One to three chunks: known and unknown types, lengths that fit and that do not, any content.</summary>
    private static byte[] Chunks(Random draws)
    {
        var bytes = new List<byte>();
        for (var i = draws.Next(1, 4); i > 0; i--)
        {
            var content = new byte[draws.Next(0, 300)];
            draws.NextBytes(content);
            var length = draws.Next(4) == 0 ? draws.Next(0, 65_536) : content.Length + 4;
            byte type = draws.Next(3) == 0 ? (byte)draws.Next(256) : ((byte[])[0, 1, 2, 3, 4, 5, 9, 10, 11, 12, 13, 15, 64, 128, 129, 130, 192, 193, 194])[draws.Next(19)];
            bytes.AddRange([type, (byte)draws.Next(256), (byte)(length >> 8), (byte)length, .. content]);
            bytes.AddRange(new byte[-bytes.Count & 3]);
        }

        return [.. bytes.Take(1_100)];
    }

    private static async Task EchoAsync(IDataChannel left, IDataChannel right)
    {
        await left.SendTextAsync("others go on");
        await using var messages = right.ReadAllAsync().GetAsyncEnumerator();
        using var message = await EchoTests.NextAsync(messages);
        Assert.Equal("others go on", message.GetText());
    }
}
