using System.Text;
using Bowline.Testing.Fuzzing;
using Bowline.WebRtc.Tests.Sdp;

namespace Bowline.WebRtc.Tests;

/// <summary>Every parser of what comes from the network takes whatever comes: no exception, no endless loop.</summary>
[Trait(FuzzRun.Kind, FuzzRun.Name)]
public sealed class FuzzTests
{
    private static readonly int Seed = FuzzRun.Seed(20261126);
    private static readonly int Rounds = FuzzRun.Rounds(50_000);

    [Fact]
    public void Session_descriptions() => Run(SdpTexts.All, static text =>
    {
        if (SdpReader.TryRead(text, out var session, out _))
        {
            Assert.True(SdpReader.TryRead(SdpWriter.Write(session!), out _, out var problem), problem);
        }
    });

    [Fact]
    public void Candidates() => Run(
        ["candidate:1 1 udp 2113937151 192.0.2.1 51122 typ srflx raddr 10.0.0.1 rport 4000 generation 0 ufrag mVPF", "candidate:842163049 1 tcp 1677729535 ::1 9 typ host tcptype active"],
        static text =>
        {
            if (CandidateLine.TryParse(text, out var line, out _))
            {
                Assert.True(CandidateLine.TryParse(line.ToString(), out var again, out _));
                Assert.Equal(line, again);
            }
        });

    [Fact]
    public void Candidates_in_json() => Run(
        ["{\"candidate\":\"candidate:1 1 udp 1 10.0.0.1 9 typ host\",\"sdpMid\":\"0\",\"sdpMLineIndex\":0,\"usernameFragment\":\"mVPF\"}"],
        static text => IceCandidate.TryFromJson(text, out _));

    [Fact]
    public void Announcements_of_channels()
    {
        var open = new DcepOpen(IsOrdered: false, DcepReliability.Retransmits, 3, 256, "label", "protocol");
        var bytes = new byte[DcepCodec.GetSize(open)];
        DcepCodec.WriteOpen(open, bytes);
        var random = new Random(Seed);
        for (var i = 0; i < Rounds; i++)
        {
            var mutated = Mutate(random, bytes);
            if (DcepCodec.TryReadOpen(mutated, out var read, out _))
            {
                var again = new byte[DcepCodec.GetSize(read)];
                DcepCodec.WriteOpen(read, again);
                Assert.True(DcepCodec.TryReadOpen(again, out var second, out _));
                Assert.Equal(read, second);
            }

            _ = DcepCodec.IsAck(mutated);
        }
    }

    [Fact]
    public void Notifications_and_packets_of_sctp()
    {
        var random = new Random(Seed);
        var watch = new SctpPacketWatch();
        var bytes = new byte[64];
        for (var i = 0; i < Rounds; i++)
        {
            random.NextBytes(bytes);
            bytes[0] = (byte)(random.Next(2) == 0 ? 1 : 9);
            bytes[1] = 0;
            var part = bytes.AsSpan(0, random.Next(bytes.Length + 1));
            if (SctpNotification.TryRead(part, out var notification))
            {
                _ = notification.Type == SctpNotification.AssociationChange ? (int)notification.State + notification.Error : notification.Streams.Length;
            }

            watch.Sent(part);
        }

        Assert.Equal(Rounds, watch.Packets);
    }

    [Fact]
    public void Records_of_dtls_and_packets_of_sctp_from_the_other_side()
    {
        var record = new byte[13 + 40];
        ((byte[])[23, 0xFE, 0xFD, 0, 1, 0, 0, 0, 0, 0, 9, 0, 40]).CopyTo(record, 0);
        var random = new Random(Seed);
        var whole = 0;
        for (var i = 0; i < Rounds; i++)
        {
            var mutated = Mutate(random, record);
            whole += DtlsRecords.AreWhole(mutated) ? 1 : 0;
            _ = SctpProbe.IsHeartbeat(mutated) || SctpProbe.IsAnswer(mutated) || SctpChecksum.IsRight(mutated);
        }

        Assert.InRange(whole, 1, Rounds - 1);
    }

    [Fact]
    public void Answers_of_the_resolver() => Run(["+ 2 0 3f1b2c4d-0000.local 192.0.2.9\n", "-15 Timeout reached\n"], static text => AvahiResolver.ReadAnswer(text));

    [Fact]
    public void Parts_of_messages()
    {
        const int Longest = 1000;
        var random = new Random(Seed);
        var assembler = new MessageAssembler(Longest);
        var bytes = new byte[Longest * 2];
        for (var i = 0; i < Rounds; i++)
        {
            if (assembler.Take(bytes.AsSpan(0, random.Next(random.Next(bytes.Length))), isEnd: random.Next(3) == 0, out var message) == MessageAssembly.Complete)
            {
                Assert.InRange(message!.Length, 0, Longest);
                message.Return(message.Version);
            }
            else
            {
                Assert.Null(message);
            }
        }
    }

    private static void Run(string[] texts, Action<string> parse)
    {
        var random = new Random(Seed);
        for (var i = 0; i < Rounds; i++)
        {
            parse(Encoding.Latin1.GetString(Mutate(random, Encoding.Latin1.GetBytes(texts[i % texts.Length]))));
        }
    }

    private static byte[] Mutate(Random random, byte[] from)
    {
        var bytes = new List<byte>(from);
        for (var changes = random.Next(1, 6); changes > 0 && bytes.Count > 0; changes--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(5))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.RemoveRange(at, Math.Min(random.Next(1, 20), bytes.Count - at));
                    break;
                case 2:
                    bytes.InsertRange(at, bytes.Skip(random.Next(bytes.Count)).Take(random.Next(1, 60)).ToArray());
                    break;
                case 3:
                    bytes[at] = (byte)" :/=\r\n09azAZ"[random.Next(12)];
                    break;
                default:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
            }
        }

        return [.. bytes];
    }
}
