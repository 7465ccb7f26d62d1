using System.Text;
using Bowline.Testing.Fuzzing;

namespace Bowline.Nats.Tests.Protocol;

public sealed class ProtocolReaderTests
{
    private const string Conversation =
        "INFO {\"max_payload\":1024}\r\n" +
        "PING\r\n" +
        "MSG a.b 7 5\r\nhello\r\n" +
        "MSG a 1 reply.to 0\r\n\r\n" +
        "MSG a  2  0\r\n\r\n" +
        "HMSG h 12 22 27\r\nNATS/1.0\r\nKey: v x\r\n\r\nworld\r\n" +
        "HMSG h 3 back 16 16\r\nNATS/1.0 503\r\n\r\n\r\n" +
        "PONG\r\n+OK\r\n" +
        "-ERR 'Permissions Violation for Publish to \"x\"'\r\n";

    private static readonly string[] Expected =
    [
        "Info {\"max_payload\":1024}",
        "Ping",
        "Msg 7 a.b||5|hello||False",
        "Msg 1 a|reply.to|0|||False",
        "Msg 2 a||0|||False",
        "Msg 12 h||27|world|NATS/1.0\r\nKey: v x\r\n\r\n|False",
        "Msg 3 h|back|16||NATS/1.0 503\r\n\r\n|True",
        "Pong",
        "Ok",
        "Err Permissions Violation for Publish to \"x\"",
    ];

    [Fact]
    public void Every_split_point_gives_the_same_operations()
    {
        var bytes = Encoding.ASCII.GetBytes(Conversation);
        for (var first = 0; first <= bytes.Length; first++)
        {
            for (var second = first; second <= bytes.Length; second += 7)
            {
                var reader = new ProtocolReader(64);
                var seen = new List<string>();
                Feed(reader, bytes.AsSpan(0, first), seen);
                Feed(reader, bytes.AsSpan(first, second - first), seen);
                Feed(reader, bytes.AsSpan(second), seen);
                Assert.Equal(Expected, seen);
            }
        }
    }

    [Fact]
    public void Byte_by_byte_gives_the_same_operations()
    {
        var reader = new ProtocolReader(16);
        var seen = new List<string>();
        foreach (var b in Encoding.ASCII.GetBytes(Conversation))
        {
            Feed(reader, [b], seen);
        }

        Assert.Equal(Expected, seen);
    }

    [Theory]
    [InlineData("HELLO\r\n")]
    [InlineData("\r\n")]
    [InlineData("PING\n")]
    [InlineData("MSG a 1\r\n")]
    [InlineData("MSG a 1 r x 5\r\n")]
    [InlineData("MSG a x 5\r\n")]
    [InlineData("MSG a 1 -5\r\n")]
    [InlineData("MSG a 1 9999999999\r\n")]
    [InlineData("MSG  1 5\r\n")]
    [InlineData("MSG a 1 1048577\r\n")]
    [InlineData("MSG a 1 2\r\nabcd")]
    [InlineData("HMSG a 1 20 10\r\n")]
    [InlineData("HMSG a 1 10\r\n")]
    [InlineData("INFO\r\n")]
    public void What_is_not_the_protocol_is_refused(string text)
    {
        var reader = new ProtocolReader();

        Assert.Throws<NatsProtocolException>(() => Feed(reader, Encoding.ASCII.GetBytes(text), []));
    }

    [Fact]
    public void A_line_without_end_is_refused_at_its_limit()
    {
        var reader = new ProtocolReader();
        var bytes = new byte[1024];
        bytes.AsSpan().Fill((byte)'A');

        Assert.Throws<NatsProtocolException>(() =>
        {
            for (var sent = 0; sent <= 2 * ProtocolReader.MaxLine; sent += bytes.Length)
            {
                Feed(reader, bytes, []);
            }
        });
        Assert.InRange(reader.Capacity, 0, ProtocolReader.MaxReadAhead);
    }

    [Fact]
    public void A_large_message_grows_the_buffer_once_to_its_size()
    {
        const int Size = 900_000;
        var reader = new ProtocolReader(1024);
        var seen = new List<string>();
        Feed(reader, Encoding.ASCII.GetBytes($"MSG a 1 {Size}\r\n"), seen);
        var before = reader.Capacity;
        Feed(reader, new byte[1], seen);
        var grown = reader.Capacity;
        Feed(reader, new byte[Size - 1], seen);
        Feed(reader, "\r\nPING\r\n"u8, seen);

        Assert.Equal(2, seen.Count);
        Assert.True(before <= 2048 && grown >= Size && grown < Size + 4096, $"{before} {grown}");
        Assert.InRange(reader.Capacity, grown, grown * 2);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [Trait(FuzzRun.Kind, FuzzRun.Name)]
    public void Mutations_give_operations_or_the_typed_refusal_and_bounded_memory(int seed)
    {
        var random = FuzzRun.Random(seed);
        var original = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(Conversation, 3)));
        var refused = 0;
        for (var round = 0; round < FuzzRun.Rounds(20_000); round++)
        {
            var bytes = Mutate(original, random);
            var reader = new ProtocolReader(32);
            try
            {
                for (var at = 0; at < bytes.Length;)
                {
                    var count = Math.Min(random.Next(1, 64), bytes.Length - at);
                    Feed(reader, bytes.AsSpan(at, count), []);
                    at += count;
                }
            }
            catch (NatsProtocolException)
            {
                refused++;
            }

            Assert.InRange(reader.Capacity, 0, 3 * 1024 * 1024);
        }

        Assert.InRange(refused, 1, FuzzRun.Rounds(20_000));
    }

    [Fact]
    [Trait(FuzzRun.Kind, FuzzRun.Name)]
    public void Header_blocks_survive_mutation_with_the_typed_refusal()
    {
        var random = FuzzRun.Random(7);
        var original = Encoding.ASCII.GetBytes("NATS/1.0 503 No Responders\r\nKey: value\r\nOther:x\r\nKey: again\r\n\r\n");
        var refused = 0;
        for (var round = 0; round < FuzzRun.Rounds(20_000); round++)
        {
            try
            {
                Assert.NotNull(NatsHeaders.Parse(Mutate(original, random)));
            }
            catch (NatsProtocolException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 1, FuzzRun.Rounds(20_000) - 1);
    }

    private static byte[] Mutate(byte[] original, Random random)
    {
        var bytes = original.ToList();
        for (var changes = random.Next(1, 4); changes > 0; changes--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(4))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.RemoveAt(at);
                    break;
                case 2:
                    bytes.Insert(at, (byte)"0123456789 \r\n"[random.Next(13)]);
                    break;
                default:
                    bytes.RemoveRange(at, Math.Min(random.Next(20), bytes.Count - at));
                    break;
            }

            if (bytes.Count == 0)
            {
                bytes.Add(0);
            }
        }

        return [.. bytes];
    }

    private static void Feed(ProtocolReader reader, ReadOnlySpan<byte> bytes, List<string> seen)
    {
        while (!bytes.IsEmpty)
        {
            var memory = reader.GetMemory();
            var count = Math.Min(memory.Length, bytes.Length);
            bytes[..count].CopyTo(memory.Span);
            reader.Advance(count);
            bytes = bytes[count..];
            while (reader.TryRead(out var op))
            {
                seen.Add(Describe(op));
            }
        }
    }

    private static string Describe(in ServerOp op)
    {
        if (op.Kind != ServerOpKind.Msg)
        {
            return $"{op.Kind} {Encoding.ASCII.GetString(op.Text)}".TrimEnd();
        }

        var msg = op.Msg;
        return $"Msg {op.Sid} {Text(msg.Subject)}|{Text(msg.ReplyTo)}|{op.Size}|{Text(msg.Payload)}|{Text(msg.Headers)}|{msg.IsNoResponders}";

        static string Text(ReadOnlySpan<byte> bytes) => Encoding.ASCII.GetString(bytes);
    }
}
