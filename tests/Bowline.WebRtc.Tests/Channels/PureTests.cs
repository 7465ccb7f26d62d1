using System.Buffers.Binary;
using System.Net;

namespace Bowline.WebRtc.Tests.Channels;

/// <summary>The small pure parts: streams, messages, budgets, rhythm, suspicion.</summary>
public sealed class PureTests
{
    [Fact]
    public void Each_side_opens_streams_of_its_own_parity_until_there_are_none()
    {
        var client = new StreamIds(isClient: true, 6);
        Assert.Equal([0, 2, 4, null], Enumerable.Range(0, 4).Select(_ => client.Allocate()));
        client.Release(2);
        Assert.Equal(2, client.Allocate());
        Assert.True(client.TryReserveRemote(3));
        Assert.False(client.TryReserveRemote(3));
        Assert.False(client.TryReserveRemote(4));
        Assert.False(client.TryReserveRemote(7));
        Assert.Equal(1, new StreamIds(isClient: false, 6).Allocate());
    }

    [Fact]
    public void A_message_is_put_together_up_to_the_limit_and_dropped_whole_beyond_it()
    {
        var assembler = new MessageAssembler(10);
        Assert.Equal(MessageAssembly.Incomplete, assembler.Take(new byte[6], isEnd: false, out _));
        Assert.Equal(MessageAssembly.Complete, assembler.Take(new byte[4], isEnd: true, out var whole));
        Assert.Equal(10, whole!.Length);
        Assert.Equal(MessageAssembly.Incomplete, assembler.Take(new byte[8], isEnd: false, out _));
        Assert.Equal(MessageAssembly.TooLong, assembler.Take(new byte[8], isEnd: false, out _));
        Assert.Equal(MessageAssembly.Incomplete, assembler.Take(new byte[8], isEnd: false, out _));
        Assert.Equal(MessageAssembly.Incomplete, assembler.Take(new byte[1], isEnd: true, out var none));
        Assert.Null(none);
        Assert.Equal(MessageAssembly.TooLong, assembler.Take(new byte[11], isEnd: true, out _));
        Assert.Equal(MessageAssembly.Complete, assembler.Take(new byte[3], isEnd: true, out var next));
        Assert.Equal(3, next!.Length);
    }

    [Fact]
    public void A_message_is_given_back_once_and_not_read_after_that()
    {
        var buffer = MessageBuffer.Rent(4);
        buffer.Append([1, 2, 3, 4]);
        var message = new DataChannelMessage(buffer, isText: false);
        var copy = message;
        Assert.Equal([1, 2, 3, 4], message.Content.ToArray());
        message.Dispose();
        copy.Dispose();
        Assert.Throws<ObjectDisposedException>(() => copy.Content);
        default(DataChannelMessage).Dispose();
    }

    [Fact]
    public void The_budget_closes_when_full_and_opens_again_at_half()
    {
        var budget = new ReceiveBudget(1000 * (100 + ReceiveBudget.Overhead));
        var share = new ReceiveShare();
        for (var i = 0; i < 1000; i++)
        {
            Assert.True(budget.HasRoom());
            Assert.True(budget.TryTake(share, 100));
        }

        Assert.False(budget.HasRoom());
        Assert.Equal([501], Enumerable.Range(1, 1000).Where(_ => budget.Give(share, 100)));
    }

    [Fact]
    public void The_budget_opens_for_a_reader_that_waits_as_soon_as_there_is_room()
    {
        const int Most = 10;
        var budget = new ReceiveBudget(Most * ReceiveBudget.Overhead);
        var share = new ReceiveShare();
        Assert.False(budget.BeginWaiting()); // Nobody was refused.
        Fill();
        Assert.True(budget.Give(share, 0));
        Assert.True(budget.HasRoom());
        budget.EndWaiting();
        Fill();
        Assert.False(budget.Give(share, 0)); // Nobody waits.
        Assert.True(budget.BeginWaiting());
        Assert.False(budget.BeginWaiting()); // It has begun again.

        void Fill()
        {
            while (budget.HasRoom())
            {
                Assert.True(budget.TryTake(share, 0));
            }
        }
    }

    [Fact]
    public void What_closing_channels_hold_keeps_nobody_waiting_and_is_bounded_too()
    {
        const int Most = 10;
        var budget = new ReceiveBudget(Most * ReceiveBudget.Overhead);
        ReceiveShare[] shares = [new(), new(), new()];
        foreach (var share in shares)
        {
            Fill(share, Most);
            Assert.False(budget.HasRoom());
            Assert.Equal(share == shares[0], budget.TryClose(share, out var mustGoOn)); // One budget full is kept, no more.
            Assert.True(mustGoOn && budget.HasRoom());
            Assert.False(budget.TryTake(share, 0));
        }

        Assert.False(budget.Give(shares[0], 0));
        Assert.True(budget.TryTake(shares[0], 0));
        Assert.True(budget.TryClose(shares[0], out _)); // A second time changes nothing.
        Assert.False(budget.TryTake(shares[0], 0));
        budget.End(shares[0]);
        var next = new ReceiveShare();
        Fill(next, Most);
        Assert.True(budget.TryClose(next, out _)); // There is room for it again.

        void Fill(ReceiveShare share, int count)
        {
            for (var i = 0; i < count; i++)
            {
                Assert.True(budget.TryTake(share, 0));
            }
        }
    }

    [Theory]
    [InlineData("2001:db8::1 192.0.2.1", "10.0.0.1 2001:db8::2", "192.0.2.1")]
    [InlineData("2001:db8::1 192.0.2.1", "10.0.0.1", "192.0.2.1")]
    [InlineData("192.0.2.1 2001:db8::1", "2001:db8::2", "2001:db8::1")]
    [InlineData("2001:db8::1", "10.0.0.1", null)]
    [InlineData("", "10.0.0.1", null)]
    public void A_server_is_asked_at_an_address_that_this_machine_can_reach(string ofServer, string own, string? expected)
    {
        Assert.Equal(expected, LocalAddresses.Reachable(Read(ofServer), [.. Read(own)])?.ToString());

        static IEnumerable<IPAddress> Read(string addresses) => addresses.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(IPAddress.Parse);
    }

    [Fact]
    public void The_tick_is_fine_while_packets_flow_and_slow_when_they_do_not()
    {
        var rhythm = new TickRhythm();
        rhythm.Advance(TickRhythm.Fine, packets: 1);
        Assert.Equal(TickRhythm.Fine, rhythm.Period);
        rhythm.Advance(TimeSpan.FromMilliseconds(300), packets: 0);
        Assert.Equal(TickRhythm.Coarse, rhythm.Period);
        Assert.False(rhythm.TakeQuiet());
        Assert.Equal(TimeSpan.FromSeconds(1), rhythm.Advance(TimeSpan.FromHours(1), packets: 0));
        Assert.Equal(TickRhythm.Slow, rhythm.Period);
        Assert.True(rhythm.TakeQuiet());
        Assert.False(rhythm.TakeQuiet());
        var sum = Enumerable.Range(0, 10).Sum(_ => rhythm.Advance(TimeSpan.FromMilliseconds(1.5), packets: 0).TotalMilliseconds);
        Assert.Equal(15, sum);
    }

    [Fact]
    public void After_a_transfer_memory_is_given_back_although_talk_goes_on()
    {
        var rhythm = new TickRhythm();
        Assert.Equal(0, Seconds(8, packetsInTick: 50)); // 5,000 a second: a transfer.
        Assert.Equal(1, Seconds(8, packetsInTick: 5));
        Assert.Equal(0, Seconds(8, packetsInTick: 5)); // Nothing was moved since.

        int Seconds(int seconds, int packetsInTick)
        {
            var taken = 0;
            for (var tick = 0; tick < seconds * 100; tick++)
            {
                rhythm.Advance(TickRhythm.Fine, packetsInTick);
                taken += rhythm.TakeQuiet() ? 1 : 0;
            }

            return taken;
        }
    }

    [Fact]
    public void A_flight_that_comes_early_is_kept_and_no_more_than_that()
    {
        var early = new EarlyDatagrams();
        for (var i = 0; i < EarlyDatagrams.Most; i++)
        {
            Assert.True(early.TryKeep([(byte)i]));
        }

        Assert.False(early.TryKeep([99]));
        Assert.True(early.TryTake(out var first));
        Assert.Equal([0], first!);
    }

    [Fact]
    public void Chunks_that_are_sent_again_are_counted_also_where_the_numbers_wrap()
    {
        var watch = new SctpPacketWatch();
        watch.Sent(Packet(uint.MaxValue - 1, uint.MaxValue));
        watch.Sent(Packet(0, 1));
        Assert.Equal(0, watch.Retransmits);
        watch.Sent(Packet(uint.MaxValue, 0));
        Assert.Equal(2, watch.Retransmits);
        watch.Sent(Packet(2));
        Assert.Equal((4, 2), (watch.Packets, watch.Retransmits));

        static byte[] Packet(params uint[] numbers)
        {
            var packet = new byte[12 + numbers.Length * 20];
            for (var i = 0; i < numbers.Length; i++)
            {
                var chunk = packet.AsSpan(12 + i * 20);
                BinaryPrimitives.WriteUInt16BigEndian(chunk[2..], 18); // Padded to 20.
                BinaryPrimitives.WriteUInt32BigEndian(chunk[4..], numbers[i]);
            }

            return packet;
        }
    }

    [Theory]
    [InlineData(0, 0, 0, true)]
    [InlineData(1, 24, 24, true)]
    [InlineData(1, 23, 23, false)] // Too short for nonce and tag.
    [InlineData(1, 30, 29, false)] // Cut off.
    [InlineData(0, 5, 5, true)] // Of the handshake: not encrypted.
    public void Records_that_cannot_be_whole_are_told_before_they_are_read(int epoch, int length, int held, bool isWhole)
    {
        byte[] record = [23, 0xFE, 0xFD, 0, (byte)epoch, 0, 0, 0, 0, 0, 1, 0, (byte)length, .. new byte[held]];
        byte[] good = [23, 0xFE, 0xFD, 0, 1, 0, 0, 0, 0, 0, 1, 0, 24, .. new byte[24]];
        Assert.Equal(isWhole, DtlsRecords.AreWhole(record));
        Assert.Equal(isWhole, DtlsRecords.AreWhole([.. good, .. record]));
        Assert.False(DtlsRecords.AreWhole([.. good, 1, 2, 3]));
    }

    [Fact]
    public void The_addresses_of_this_machine_are_those_that_the_platform_tells()
    {
        Assert.True(OperatingSystem.IsLinux());
        var addresses = LibcAddresses.Read();
        Assert.Contains(("lo", IPAddress.Loopback), addresses);
        Assert.Equal(LocalAddresses.ReadPortably().OrderBy(static entry => entry.ToString(), StringComparer.Ordinal), addresses.OrderBy(static entry => entry.ToString(), StringComparer.Ordinal));
    }

    [Fact]
    public void The_checksum_is_CRC_32C_with_its_own_field_as_zeros()
    {
        // SHUTDOWN COMPLETE with ports 5000 and the tag 01020304; computed bit by bit from the polynomial 0x1EDC6F41.
        byte[] packet = [0x13, 0x88, 0x13, 0x88, 1, 2, 3, 4, 0xFF, 0xFF, 0xFF, 0xFF, 14, 0, 0, 4, 7];
        var expected = uint.MaxValue;
        foreach (var value in (byte[])[.. packet[..8], 0, 0, 0, 0, .. packet[12..]])
        {
            expected ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                expected = (expected >> 1) ^ (0x82F63B78u & (uint)-(int)(expected & 1)); // The same polynomial, reflected.
            }
        }

        SctpChecksum.Write(packet);
        Assert.Equal(~expected, BinaryPrimitives.ReadUInt32LittleEndian(packet.AsSpan(8)));
        Assert.True(SctpChecksum.IsRight(packet));
        packet[16] ^= 1;
        Assert.False(SctpChecksum.IsRight(packet));
        Assert.False(SctpChecksum.IsRight(packet.AsSpan(0, 11)));
    }

    [Fact]
    public void A_probe_is_a_heartbeat_with_a_right_checksum_and_only_its_answer_is_taken_for_one()
    {
        var packet = new byte[SctpProbe.Size];
        SctpProbe.Write(packet, 0x1388_1388_0102_0304);
        Assert.Equal([0x13, 0x88, 0x13, 0x88, 1, 2, 3, 4], packet[..8]);
        Assert.False(SctpProbe.IsAnswer(packet));
        Assert.True(SctpChecksum.IsRight(packet));
        Assert.True(SctpProbe.IsHeartbeat(packet));
        Assert.False(SctpProbe.IsHeartbeat([.. packet, 0, 0, 0, 16])); // Something follows.
        packet[12] = 5;
        Assert.True(SctpProbe.IsAnswer(packet));
        Assert.False(SctpProbe.IsAnswer([.. packet, 0]));
        packet[^2] ^= 1;
        Assert.False(SctpProbe.IsAnswer(packet));
    }

    [Theory]
    [InlineData("stun:stun.example.org", "stun.example.org", 3478, IceServerKind.Stun)]
    [InlineData("stun:[2001:db8::1]:3479", "2001:db8::1", 3479, IceServerKind.Stun)]
    [InlineData("turn:192.0.2.1:3478?transport=udp", "192.0.2.1", 3478, IceServerKind.TurnUdp)]
    [InlineData("turn:turn.example.org?transport=tcp", "turn.example.org", 3478, IceServerKind.TurnTcp)]
    public void Servers_are_read_from_their_uri(string uri, string host, int port, IceServerKind kind)
    {
        var server = IceServer.Parse(uri, "user", "secret");
        Assert.Equal((host, port, kind), (server.Host, server.Port, server.Kind));
        Assert.DoesNotContain("secret", server.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("turns:host")]
    [InlineData("stun:")]
    [InlineData("stun:host:0")]
    [InlineData("stun:host:99999")]
    [InlineData("stun:ho st")]
    [InlineData("http://host")]
    [InlineData("turn:host?transport=sctp")]
    [InlineData("host")]
    public void What_is_no_server_is_refused_with_the_right_form(string uri)
    {
        var refused = Assert.Throws<FormatException>(() => IceServer.Parse(uri, "user", "secret"));
        Assert.Contains(uri, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_turn_server_needs_a_user_and_a_password() => Assert.Throws<FormatException>(() => IceServer.Parse("turn:host"));

    [Fact]
    public void Options_outside_their_ranges_are_refused_by_name()
    {
        AssertRefused(new() { MaxChannels = 0 }, "MaxChannels");
        AssertRefused(new() { MaxChannels = 65_535 }, "MaxChannels");
        AssertRefused(new() { MaxMessageSize = 1023 }, "MaxMessageSize");
        AssertRefused(new() { MaxMessageSize = 512 * 1024 + 1 }, "MaxMessageSize");
        AssertRefused(new() { ReceiveBudget = 1 }, "ReceiveBudget");
        AssertRefused(new() { Sctp = new() { MostRetransmits = 0 } }, "MostRetransmits");
        AssertRefused(new() { Ports = (2000, 1000) }, "Ports");
        AssertRefused(new() { Sctp = new() { SendBuffer = 1 } }, "SendBuffer");
        AssertRefused(new() { Sctp = new() { LongestTimeout = TimeSpan.FromMilliseconds(50) } }, "LongestTimeout");
        AssertRefused(new() { Sctp = new() { ShortestTimeout = TimeSpan.Zero } }, "ShortestTimeout");
        AssertRefused(new() { Sctp = new() { HeartbeatInterval = TimeSpan.Zero } }, "HeartbeatInterval");
        new PeerConnectionOptions().Validate();

        static void AssertRefused(PeerConnectionOptions options, string name) =>
            Assert.Equal(name, Assert.Throws<ArgumentOutOfRangeException>(() => PeerConnection.Create(options)).ParamName);
    }

    [Theory]
    [InlineData("candidate:1 1 udp 5 192.0.2.1 4000 typ relay raddr 10.0.0.2 rport 5000", "candidate:1 1 udp 5 192.0.2.1 4000 typ relay raddr 0.0.0.0 rport 9")]
    [InlineData("candidate:1 1 udp 5 2001:db8::1 4000 typ relay raddr fd00::2 rport 5000 ufrag a", "candidate:1 1 udp 5 2001:db8::1 4000 typ relay raddr :: rport 9 ufrag a")]
    [InlineData("candidate:1 1 udp 5 192.0.2.1 4000 typ relay", "candidate:1 1 udp 5 192.0.2.1 4000 typ relay")]
    public void The_address_behind_a_relay_can_be_left_out(string text, string without)
    {
        Assert.True(CandidateLine.TryParse(text, out var line, out _));
        Assert.Equal(without, line.WithoutRelatedAddress().ToString());
    }

    [Fact]
    public void Addresses_are_chosen_by_interface_and_kind()
    {
        (string, System.Net.IPAddress)[] all =
        [
            ("lo", System.Net.IPAddress.Loopback), ("eth0", System.Net.IPAddress.Parse("192.0.2.7")), ("eth0", System.Net.IPAddress.Parse("fe80::1")),
            ("eth0", System.Net.IPAddress.Parse("2001:db8::7")), ("docker0", System.Net.IPAddress.Parse("172.17.0.1")), ("wlan0", System.Net.IPAddress.Parse("169.254.3.4")),
        ];
        Assert.Equal("192.0.2.7 2001:db8::7 172.17.0.1", Select(new()));
        Assert.Equal("192.0.2.7 2001:db8::7", Select(new() { ExcludedInterfaces = ["docker*"] }));
        Assert.Equal("127.0.0.1", Select(new() { IncludeLoopback = true, Interfaces = ["lo"] }));
        Assert.Equal("fe80::1 2001:db8::7", Select(new() { IncludeLinkLocal = true, IncludeIPv4 = false }));

        string Select(CandidateFilter filter) => string.Join(' ', LocalAddresses.Select(filter, all));
    }

    [Theory]
    [InlineData("+ 2 0 abc.local 192.0.2.9\n", "192.0.2.9")]
    [InlineData("-15 Timeout reached\n", null)]
    [InlineData("+ 2 0 abc.local nonsense\n", null)]
    [InlineData("", null)]
    public void Avahis_answer_is_read(string line, string? address) => Assert.Equal(address, AvahiResolver.ReadAnswer(line)?.ToString());

    [Theory]
    [InlineData("3f1b2c4d-0000.local", true)]
    [InlineData("a.local\nRESOLVE-HOSTNAME-IPV4 b.local", false)]
    [InlineData("a b.local", false)]
    [InlineData("example.org", false)]
    public void Only_a_local_name_is_asked_for(string name, bool isAsked) => Assert.Equal(isAsked, AvahiResolver.IsName(name));
}
