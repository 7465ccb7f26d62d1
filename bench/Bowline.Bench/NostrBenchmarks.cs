using System.Buffers;
using System.Text;
using BenchmarkDotNet.Attributes;
using Bowline.Nostr;

namespace Bowline.Bench;

/// <summary>What a relay and its clients do with each event: 300 characters of content and three tags.</summary>
public class NostrBenchmarks : IDisposable
{
    private readonly NostrKey _key = NostrKey.Create();
    private readonly ArrayBufferWriter<byte> _buffer = new(4096);
    private readonly NostrFilter _filter;
    private readonly CompiledFilter _compiled;
    private readonly NostrEvent _event;
    private readonly byte[] _json;
    private readonly byte[] _message;
    private readonly ConversationKey _conversation;
    private readonly string _encrypted;

    public NostrBenchmarks()
    {
        var others = Enumerable.Range(0, 500).Select(static _ =>
        {
            using var key = NostrKey.Create();
            return key.PublicKey;
        }).ToList();
        _event = _key.Sign(1, new string('x', 280) + "\n\"quoted\" é 🪢", [new("e", new string('a', 64)), new("p", others[0].ToString()), new("t", "topic")], 1_700_000_000);
        _json = Encoding.UTF8.GetBytes(_event.ToString());
        _message = [.. "[\"EVENT\","u8, .. _json, (byte)']'];
        _filter = new()
        {
            Authors = [.. others, _key.PublicKey],
            Kinds = [0, 1, 3],
            Tags = new Dictionary<char, IReadOnlyList<string>> { ['t'] = ["other", "topic"] },
        };
        _compiled = new(_filter);
        _conversation = ConversationKey.Between(_key, others[0]);
        _encrypted = _conversation.Encrypt(_event.Content);
    }

    [Benchmark]
    public NostrEvent Sign() => _key.Sign(_event.Kind, _event.Content, _event.Tags, _event.CreatedAt);

    [Benchmark]
    public bool Verify() => _event.Verify();

    [Benchmark]
    public bool Id() => _event.HasValidId();

    [Benchmark]
    public bool Read() => EventReader.TryRead(_json, out _, out _);

    [Benchmark]
    public bool Read_message() => ClientMessageReader.TryRead(_message, MessageLimits.Default, out _, out _);

    [Benchmark]
    public int Write()
    {
        _buffer.ResetWrittenCount();
        EventWriter.Write(_buffer, _event);
        return _buffer.WrittenCount;
    }

    [Benchmark]
    public bool Match_naive() => _filter.Matches(_event);

    [Benchmark]
    public bool Match_compiled() => _compiled.Matches(_event);

    [Benchmark]
    public ConversationKey Conversation_key()
    {
        var key = ConversationKey.Between(_key, _event.PublicKey);
        key.Dispose();
        return key;
    }

    [Benchmark]
    public string Encrypt() => _conversation.Encrypt(_event.Content);

    [Benchmark]
    public bool Decrypt() => _conversation.TryDecrypt(_encrypted, out _, out _);

    public void Dispose()
    {
        _key.Dispose();
        _conversation.Dispose();
        GC.SuppressFinalize(this);
    }
}
