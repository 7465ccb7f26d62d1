using System.Diagnostics;
using System.Text;
using Bowline.Nostr.Tests.Filters;
using Bowline.Testing.Fuzzing;

namespace Bowline.Nostr.Tests.Fuzz;

/// <summary>
/// Mutations of valid inputs for everything that reads what comes from the network: nothing throws, nothing is slow, and what is accepted is
/// written and read again as the same.
/// </summary>
[Trait(FuzzRun.Kind, FuzzRun.Name)]
public sealed class FuzzTests : IDisposable
{
    private static readonly int Rounds = FuzzRun.Rounds(20_000);
    private static readonly int Seed = FuzzRun.Seed(20_260_102);

    private static readonly string[] Names = ["npub", "note", "nprofile", "nevent", "naddr", "nsec"];

    // The slowest honest input takes well under a millisecond; this is far above any pause of a busy machine.
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(5);

    private readonly Mutator _mutator = new(Seed);
    private readonly NostrKey _key = NostrKey.FromSecret([.. Enumerable.Repeat((byte)7, 32)]);

    public void Dispose() => _key.Dispose();

    [Fact]
    public void Events()
    {
        var accepted = Run(SampleEvents(), json =>
        {
            if (!EventReader.TryRead(json, out var value, out var problem))
            {
                Assert.NotNull(problem);
                return false;
            }

            _ = value.Verify();
            Assert.True(EventReader.TryRead(Encoding.UTF8.GetBytes(value.ToString()), out var again, out problem), problem);
            Assert.Equal(value.ToString(), again.ToString());
            return true;
        });
        Assert.InRange(accepted, Rounds / 100, Rounds);
    }

    [Fact]
    public void Filters()
    {
        var random = new RandomEvents(Seed);
        var samples = Enumerable.Range(0, 20).Select(_ => Bytes(writer => FilterWriter.Write(writer, random.NextFilter()))).ToArray();
        var accepted = Run(samples, json =>
        {
            if (!FilterReader.TryRead(json, 100, out var filter, out var problem))
            {
                Assert.NotNull(problem);
                return false;
            }

            var value = random.NextEvent();
            Assert.Equal(filter.Matches(value), new CompiledFilter(filter).Matches(value));
            Assert.True(FilterReader.TryRead(Encoding.UTF8.GetBytes(filter.ToString()), 100, out var again, out problem), problem);
            Assert.Equal(filter.ToString(), again.ToString());
            return true;
        });
        Assert.InRange(accepted, Rounds / 100, Rounds);
    }

    [Fact]
    public void Messages_of_clients()
    {
        var random = new RandomEvents(Seed);
        var value = _key.Sign(1, "x\n", [new("t", "a")], 1);
        ClientMessage[] messages =
        [
            new ClientEventMessage(value),
            new ClientAuthMessage(value),
            new ClientRequestMessage("sub", [random.NextFilter(), random.NextFilter()]),
            new ClientCountMessage("sub", [random.NextFilter()]),
            new ClientCloseMessage("sub"),
        ];
        var accepted = Run([.. messages.Select(message => Bytes(writer => ClientMessageWriter.Write(writer, message)))], static json =>
        {
            if (!ClientMessageReader.TryRead(json, MessageLimits.Default, out var message, out var problem))
            {
                _ = Bytes(writer => RelayMessageWriter.Write(writer, problem.ToAnswer()));
                return false;
            }

            var written = Bytes(writer => ClientMessageWriter.Write(writer, message));
            Assert.True(ClientMessageReader.TryRead(written, MessageLimits.Default, out _, out problem), problem?.Text);
            return true;
        });
        Assert.InRange(accepted, Rounds / 100, Rounds);
    }

    [Fact]
    public void Messages_of_relays()
    {
        var value = _key.Sign(1, "x\n", [new("t", "a")], 1);
        RelayMessage[] messages =
        [
            new RelayEventMessage("sub", value),
            new RelayOkMessage(value.Id, true, "duplicate: it"),
            new RelayEndOfStoredMessage("sub"),
            new RelayClosedMessage("sub", "error: x"),
            new RelayNoticeMessage("words"),
            new RelayAuthMessage("challenge"),
            new RelayCountMessage("sub", 5, Approximate: true),
        ];
        var accepted = Run([.. messages.Select(message => Bytes(writer => RelayMessageWriter.Write(writer, message)))], static json =>
        {
            if (!RelayMessageReader.TryRead(json, MessageLimits.Default, out var message, out _))
            {
                return false;
            }

            var written = Bytes(writer => RelayMessageWriter.Write(writer, message));
            Assert.True(RelayMessageReader.TryRead(written, MessageLimits.Default, out _, out var problem), problem?.Text);
            return true;
        });
        Assert.InRange(accepted, Rounds / 100, Rounds);
    }

    [Fact]
    public void Identifiers()
    {
        var id = _key.Sign(1, "", null, 1).Id;
        NostrIdentifier[] samples =
        [
            new PublicKeyIdentifier(_key.PublicKey),
            new NoteIdentifier(id),
            new ProfileIdentifier(_key.PublicKey, ["wss://a.example"]),
            new EventIdentifier(id, ["wss://a.example", "wss://b.example"], _key.PublicKey, 1),
            new AddressIdentifier("d", _key.PublicKey, 30_000, ["wss://a.example"]),
        ];

        // A changed text seldom gets past its checksum: the bytes below it are mutated, too.
        _ = Run([.. samples.Select(static sample => Encoding.UTF8.GetBytes(sample.ToString()))], static text => TryIdentifier(Encoding.UTF8.GetString(text)));
        var accepted = Run(
            [.. samples.Select(static sample => Bech32.Decode(sample.ToString(), out _, out var data) is null ? data : throw new InvalidOperationException())],
            data => TryIdentifier(Bech32.Encode(Names[_mutator.Next(Names.Length)], data)));
        Assert.InRange(accepted, Rounds / 100, Rounds);
    }

    [Fact]
    public void Encrypted_texts()
    {
        using var key = ConversationKey.Between(_key, _key.PublicKey);
        byte[][] samples = [.. new[] { "a", "a longer text of a few words", new string('é', 500) }.Select(text => Encoding.UTF8.GetBytes(key.Encrypt(text)))];
        var accepted = Run(samples, payload =>
        {
            var ok = key.TryDecrypt(Encoding.UTF8.GetString(payload), out _, out var problem);
            Assert.Equal(ok, problem is null);
            return ok && !samples.Any(sample => sample.AsSpan().SequenceEqual(payload));
        });
        Assert.Equal(0, accepted);
    }

    [Fact]
    public void Addresses_of_relays()
    {
        string[] samples = ["wss://relay.example/path?x=1", "ws://127.0.0.1:7777", "ws://[::1]:80/", "wss://m\u00fcnchen.example:443/a/b/"];
        var accepted = Run([.. samples.Select(Encoding.UTF8.GetBytes)], static text =>
        {
            if (!RelayUrl.TryParse(Encoding.UTF8.GetString(text), out var url))
            {
                return false;
            }

            Assert.Equal(url, RelayUrl.Normalize(url));
            Assert.Equal(url.AbsoluteUri, RelayUrl.Normalize(url).AbsoluteUri);
            return true;
        });
        Assert.InRange(accepted, Rounds / 100, Rounds);
    }

    private static bool TryIdentifier(string text)
    {
        if (!NostrIdentifier.TryParse(text, out var value, out var problem))
        {
            Assert.NotEmpty(problem);
            return false;
        }

        var written = value.ToString();
        Assert.Equal(written, NostrIdentifier.Parse(written).ToString());
        return true;
    }

    private static byte[] Bytes(Action<System.Buffers.ArrayBufferWriter<byte>> write)
    {
        System.Buffers.ArrayBufferWriter<byte> buffer = new();
        write(buffer);
        return buffer.WrittenSpan.ToArray();
    }

    private byte[][] SampleEvents() =>
    [
        .. new[] { "", "plain", "\"\\\n\t\u0001\u2028🪢", new string('x', 300) }
            .Select((content, i) => Encoding.UTF8.GetBytes(_key.Sign(i, content, [new("t", "a\"b"), new("e"), new("p", "x", "")], i).ToString())),
    ];

    private int Run(byte[][] samples, Func<byte[], bool> read)
    {
        var accepted = 0;
        for (var i = 0; i < Rounds; i++)
        {
            var input = _mutator.Mutate(samples);
            var started = Stopwatch.GetTimestamp();
            try
            {
                accepted += read(input) ? 1 : 0;
            }
            catch (Exception error) when (error is not Xunit.Sdk.XunitException)
            {
                Assert.Fail($"seed {Seed}, round {i}, {Convert.ToBase64String(input)}: {error}");
            }

            Assert.True(Stopwatch.GetElapsedTime(started) < Slow, $"seed {Seed}, round {i} was slow: {Convert.ToBase64String(input)}");
        }

        return accepted;
    }
}
