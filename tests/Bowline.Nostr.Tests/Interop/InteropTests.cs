using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using Bowline.Nostr.Tests.Filters;
using Bowline.Testing.Time;

namespace Bowline.Nostr.Tests.Interop;

/// <summary>We and nostr-tools understand each other, in both directions.</summary>
public sealed class InteropTests(NostrTools tools) : IClassFixture<NostrTools>, IDisposable
{
    private readonly NostrKey _key = NostrKey.Create();
    private readonly NostrKey _other = NostrKey.Create();

    public static TheoryData<string, string> Contents => new()
    {
        { "empty", "" },
        { "controls", string.Concat(Enumerable.Range(0, 0x20).Select(static c => (char)c)) + "\u007f\u0080\u009f" },
        { "quotes", "\"\\\"'/\\\\</script>&+<b>" },
        { "unicode", "é 表ポ 🪢 👨‍👩‍👧 \u2028\u2029\ufeff\uffff \u200f𝖑" },
        { "long", new string('x', 60_000) },
    };

    public void Dispose()
    {
        _key.Dispose();
        _other.Dispose();
    }

    [Theory]
    [MemberData(nameof(Contents))]
    public async Task Events_verify_in_both_directions(string name, string content)
    {
        NostrTag[][] tagSets = [[], [new("e")], [new("", ""), new("t", content, ""), new("x", "\"", "\\", "\u2028")]];
        foreach (var tags in tagSets)
        {
            var ours = _key.Sign(1, content, tags, 1_700_000_000);
            Assert.True((bool)(await tools.AskAsync("verify", JsonNode.Parse(ours.ToString())))!, name);

            JsonArray tagList = [.. tags.Select(static tag => new JsonArray([.. tag.Values.Select(static value => (JsonNode)value)]))];
            JsonObject template = new() { ["kind"] = 30_000, ["created_at"] = 0, ["tags"] = tagList, ["content"] = content };
            var theirs = ReadEvent(await tools.AskAsync("sign", Secret(_key), template));
            Assert.True(theirs.Verify(), name);
            Assert.Equal(_key.PublicKey, theirs.PublicKey);
            Assert.Equal(content, theirs.Content);
            Assert.Equal(tags, theirs.Tags);
        }

        var changed = JsonNode.Parse(_key.Sign(1, content, null, 1).ToString())!;
        changed["content"] = content + "!";
        Assert.False((bool)(await tools.AskAsync("verify", changed))!);
    }

    [Theory]
    [MemberData(nameof(Contents))]
    public async Task Encrypted_texts_are_read_in_both_directions(string name, string content)
    {
        var text = content + name;
        using var key = ConversationKey.Between(_key, _other.PublicKey);
        Assert.Equal(text, (string?)await tools.AskAsync("decrypt", Secret(_other), _key.PublicKey.ToString(), key.Encrypt(text)));
        var payload = (string?)await tools.AskAsync("encrypt", Secret(_other), _key.PublicKey.ToString(), text);
        Assert.True(key.TryDecrypt(payload!, out var read, out var problem), problem);
        Assert.Equal(text, read);
    }

    [Fact]
    public async Task Shared_secrets_of_random_keys_are_the_same()
    {
        for (var i = 0; i < 100; i++)
        {
            using var one = NostrKey.Create();
            using var two = NostrKey.Create();
            using var shared = ConversationKey.Between(one, two.PublicKey);
            Assert.Equal(one.PublicKey.ToString(), (string?)await tools.AskAsync("publicKey", Secret(one)));
            Assert.Equal(Convert.ToHexStringLower(shared.Bytes), (string?)await tools.AskAsync("conversationKey", Secret(two), one.PublicKey.ToString()));
        }
    }

    [Fact]
    public async Task Identifiers_are_read_in_both_directions()
    {
        var key = _key.PublicKey.ToString();
        var id = new string('a', 64);
        await SameAsync("npub", key, new PublicKeyIdentifier(_key.PublicKey));
        await SameAsync("note", id, new NoteIdentifier(EventId.Parse(id)));
        await SameAsync("nprofile", new JsonObject { ["pubkey"] = key, ["relays"] = Relays() }, new ProfileIdentifier(_key.PublicKey, ["wss://a.example", "wss://b.example/x"]));
        await SameAsync(
            "nevent",
            new JsonObject { ["id"] = id, ["relays"] = Relays(), ["author"] = key, ["kind"] = 30_023 },
            new EventIdentifier(EventId.Parse(id), ["wss://a.example", "wss://b.example/x"], _key.PublicKey, 30_023));
        await SameAsync(
            "naddr",
            new JsonObject { ["identifier"] = "día 🪢", ["pubkey"] = key, ["kind"] = 30_023, ["relays"] = Relays() },
            new AddressIdentifier("día 🪢", _key.PublicKey, 30_023, ["wss://a.example", "wss://b.example/x"]));
        await SameAsync("nsec", Secret(_key), SecretKeyText.Write(_key), static text => SecretKeyText.TryParse(text, out var read, out _) ? Written(read) : "");
    }

    [Fact]
    public async Task Private_messages_are_unwrapped_in_both_directions()
    {
        const string Text = "hello \u2028 \"🪢\"";
        var rumor = PrivateMessage.Create(_key.PublicKey, [_other.PublicKey], Text, DateTimeOffset.FromUnixTimeSeconds(1_700_000_000), "subject");
        foreach (var wrap in PrivateMessage.Wrap(rumor, _key, new GiftWrapper(new ManualTimeProvider(), new Random(1))))
        {
            var reader = wrap.TagValue("p") == _key.PublicKey.ToString() ? _key : _other;
            var read = (await tools.AskAsync("unwrap", Secret(reader), JsonNode.Parse(wrap.ToString())))!;
            Assert.Equal((Text, rumor.Id.ToString(), _key.PublicKey.ToString()), ((string?)read["content"], (string?)read["id"], (string?)read["pubkey"]));
        }

        var theirs = (await tools.AskAsync("wrap", Secret(_other), new JsonArray(_key.PublicKey.ToString()), Text, "subject"))!.AsArray();
        Assert.Equal(2, theirs.Count);
        foreach (var wrap in theirs.Select(ReadEvent))
        {
            var reader = wrap.TagValue("p") == _key.PublicKey.ToString() ? _key : _other;
            Assert.True(GiftWrapper.TryUnwrap(wrap, reader, out var read, out var problem), problem);
            Assert.Equal((Text, _other.PublicKey, NostrKind.PrivateMessage), (read.Content, read.PublicKey, read.Kind));
            Assert.Contains(reader.PublicKey, PrivateMessage.Participants(read)); // their copies name one addressee each
        }
    }

    [Fact]
    public async Task Their_authentication_is_accepted()
    {
        var value = ReadEvent(await tools.AskAsync("auth", Secret(_key), "wss://relay.example", "c"));
        Assert.True(AuthEvent.Check(value, new("wss://relay.example/"), "c", TimeProvider.System.GetUtcNow(), out var problem), problem);
    }

    [Fact]
    public async Task Filters_match_the_same_events()
    {
        var random = new RandomEvents(7);
        var matched = 0;
        for (var i = 0; i < 500; i++)
        {
            var filter = random.NextFilter();
            var value = random.NextEvent();
            ArrayBufferWriter<byte> json = new();
            FilterWriter.Write(json, filter);
            var theirs = (bool)(await tools.AskAsync("match", JsonNode.Parse(json.WrittenSpan), JsonNode.Parse(value.ToString())))!;
            Assert.True(theirs == filter.Matches(value), $"{Encoding.UTF8.GetString(json.WrittenSpan)} {value}");
            matched += theirs ? 1 : 0;
        }

        Assert.InRange(matched, 50, 450);
    }

    private static JsonArray Relays() => ["wss://a.example", "wss://b.example/x"];

    private static string Secret(NostrKey key)
    {
        var secret = new byte[NostrKey.SecretSize];
        key.CopySecret(secret);
        return Convert.ToHexStringLower(secret);
    }

    private static string Written(NostrKey key)
    {
        using (key)
        {
            return SecretKeyText.Write(key);
        }
    }

    private static NostrEvent ReadEvent(JsonNode? node)
    {
        Assert.True(EventReader.TryRead(Encoding.UTF8.GetBytes(node!.ToJsonString()), out var value, out var problem), problem);
        return value;
    }

    private Task SameAsync(string type, JsonNode data, NostrIdentifier ours) =>
        SameAsync(type, data, ours.ToString(), static text => NostrIdentifier.Parse(text).ToString());

    /// <summary>They read ours as that data, and we read theirs as ours. Their fields may come in another order.</summary>
    private async Task SameAsync(string type, JsonNode data, string ours, Func<string, string> readAndWrite)
    {
        var decoded = (await tools.AskAsync("decode", ours))!;
        Assert.Equal(type, (string?)decoded["type"]);
        Assert.True(JsonNode.DeepEquals(data, decoded["data"]), $"{data} {decoded["data"]}");
        Assert.Equal(ours, readAndWrite((string)(await tools.AskAsync("encode", type, data))!));
    }
}
