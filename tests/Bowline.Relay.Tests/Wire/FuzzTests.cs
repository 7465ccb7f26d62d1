using System.Net.WebSockets;
using System.Text;
using Bowline.Nostr;
using Bowline.Testing.Fuzzing;

namespace Bowline.Relay.Tests.Wire;

/// <summary>Random damage: nothing gets through that is no message, and nothing falls over.</summary>
[Trait(FuzzRun.Kind, FuzzRun.Name)]
public sealed class FuzzTests
{
    private static readonly int Seed = FuzzRun.Seed(4711);

    private static readonly NostrKey Key = NostrKey.FromSecret("one key, so that all is the same"u8);
    private static readonly NostrEvent Regular = Key.Sign(1, "fuzz", [new("e", "x"), new("p", "y", "z")], 1_700_000_000);
    private static readonly NostrEvent Passing = Key.Sign(Make.Ephemeral, "ephemeral", [], 1_700_000_000);

    [Fact]
    public async Task Damaged_messages_are_answered_and_the_relay_lives()
    {
        await using var relay = await TestRelay.StartAsync(configure: static options => options.Limits = new()
        {
            Strikes = 10_000,
            EventsPerAddress = null,
            EventsPerConnection = null,
            RequestsPerAddress = null,
            RequestsPerConnection = null,
        });
        var random = new Random(Seed);
        for (var clients = FuzzRun.Rounds(1); clients > 0; clients--)
        {
            await using var client = await relay.ConnectAsync();
            await SendDamagedAsync(client, random);
            Assert.Equal(WebSocketState.Open, client.Socket.State);
        }

        Assert.True(((MemoryStore)relay.Store).Count <= 1);
    }

    [Fact]
    public async Task Random_bytes_on_the_wire_end_their_connection_and_no_other()
    {
        await using var relay = await TestRelay.StartAsync();
        await using var other = await relay.ConnectAsync();
        var random = new Random(Seed);
        for (var round = 0; round < FuzzRun.Rounds(60); round++)
        {
            using var client = await RawClient.ConnectAsync(relay.WebSocket);
            var bytes = new byte[random.Next(1, 3_000)];
            random.NextBytes(bytes);
            if (random.Next(2) == 0)
            {
                bytes[0] = (byte)(0x80 | random.Next(3));
                bytes[Math.Min(1, bytes.Length - 1)] |= 0x80;
            }

            await client.WriteAsync(bytes);
        }

        await Eventually.Async(() => relay.Server.Connections == 1);
        Assert.True((await other.AskAsync(Make.Note())).Accepted);
    }

    [Fact]
    public void Heads_of_frames_are_read_or_refused_but_never_more_than_is_there()
    {
        var random = new Random(Seed);
        var bytes = new byte[FrameHeader.MaxLength];
        for (var i = 0; i < FuzzRun.Rounds(200_000); i++)
        {
            random.NextBytes(bytes);
            var length = random.Next(bytes.Length + 1);
            if (FrameHeader.TryRead(bytes.AsSpan(0, length), out var header, out var problem) && problem is null)
            {
                Assert.InRange(header.Length, 6, length);
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(1_021)]
    public void Unmasking_is_the_loop_of_RFC_6455(int length)
    {
        var random = new Random(Seed + length);
        var bytes = new byte[length];
        random.NextBytes(bytes);
        byte[] mask = [1, 2, 3, 250];
        var expected = bytes.Select((value, i) => (byte)(value ^ mask[i % 4])).ToArray();
        FrameHeader.Unmask(bytes, BitConverter.ToUInt32(mask));
        Assert.Equal(expected, bytes);
    }

    private static async Task SendDamagedAsync(TestClient client, Random random)
    {
        const int Rounds = 5_000;
        const string Done = "fuzz-done";
        var good = Good();
        var sending = Task.Run(async () =>
        {
            for (var i = 0; i < Rounds; i++)
            {
                await client.SendAsync(Damage(random, good[random.Next(good.Length)]), WebSocketMessageType.Text);
            }

            await client.SendAsync($$"""["REQ","{{Done}}",{"kinds":[20099]}]""");
        });
        while (await client.ReceiveTextAsync() is { } text && !text.Contains(Done, StringComparison.Ordinal))
        {
            Assert.True(RelayMessageReader.TryRead(Encoding.UTF8.GetBytes(text), MessageLimits.Default, out var message, out var problem), problem?.Text);

            // Damage may miss what counts (a space, an unknown field); then it is the same event still.
            Assert.True(message is not RelayOkMessage { Accepted: true } ok || ok.EventId == Regular.Id || ok.EventId == Passing.Id);
        }

        await sending;
    }

    private static byte[][] Good() =>
    [
        Encoding.UTF8.GetBytes($"""["EVENT",{Regular}]"""),
        Encoding.UTF8.GetBytes($"""["EVENT",{Passing}]"""),
        """["REQ","s",{"kinds":[1,2],"authors":["0000000000000000000000000000000000000000000000000000000000000000"],"#e":["a"],"since":1,"until":2,"limit":3}]"""u8.ToArray(),
        """["COUNT","c",{"ids":["0000000000000000000000000000000000000000000000000000000000000000"]},{}]"""u8.ToArray(),
        """["CLOSE","s"]"""u8.ToArray(),
        Encoding.UTF8.GetBytes($"""["AUTH",{Make.Auth(Make.Alice, new Uri("ws://127.0.0.1/"), "x")}]"""),
    ];

    private static byte[] Damage(Random random, byte[] good)
    {
        var bytes = good.ToList();
        for (var i = random.Next(1, 5); i > 0 && bytes.Count > 0; i--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(6))
            {
                case 0:
                    bytes.RemoveAt(at);
                    break;
                case 1:
                    bytes.Insert(at, (byte)random.Next(256));
                    break;
                case 2:
                    bytes.RemoveRange(at, Math.Min(random.Next(1, 40), bytes.Count - at));
                    break;
                case 3:
                    bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(1, 40), bytes.Count - at)));
                    break;
                case 4:
                    bytes[at] = (byte)"[]{}\",:\\0"[random.Next(9)];
                    break;
                default:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
            }
        }

        return [.. bytes];
    }
}
