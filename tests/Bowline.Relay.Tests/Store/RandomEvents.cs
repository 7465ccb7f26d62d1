using Bowline.Nostr;

namespace Bowline.Relay.Tests.Store;

/// <summary>Events and filters out of few authors, kinds, times and values, so that they meet often.</summary>
internal sealed class RandomEvents(int seed)
{
    private static readonly int[] Kinds = [0, 1, 1, 1, 3, 4, 7, 1059, 10_002, 30_000, 30_023];
    private readonly Random _random = new(seed);
    private readonly List<NostrEvent> _made = [];
    private int _count;

    public NostrEvent Event()
    {
        if (_made.Count > 0 && _random.Next(30) == 0)
        {
            return Any();
        }

        var author = _random.Next(8);
        var kind = _made.Count > 0 && _random.Next(25) == 0 ? 5 : Kinds[_random.Next(Kinds.Length)];
        var tags = new List<string[]>();
        if (kind == 5)
        {
            var target = Any();
            tags.Add(_random.Next(2) == 0 ? ["e", target.Id.ToString()] : ["a", $"{target.Kind}:{target.PublicKey}:{(target.Class == KindClass.Addressable ? target.TagValue("d") : "")}"]);
            author = _random.Next(4) == 0 ? author : Enumerable.Range(0, 8).First(a => TestEvents.Author(a) == target.PublicKey);
        }

        for (var i = _random.Next(5); i > 0; i--)
        {
            tags.Add(Tag());
        }

        var value = TestEvents.Make(author, kind, 1_000 + _random.Next(150), $"text {_count++}", null, [.. tags]);
        _made.Add(value);
        return value;
    }

    public NostrFilter[] Filters() => [.. Enumerable.Range(0, _random.Next(1, 4)).Select(_ => Filter())];

    public Audience Audience() => _random.Next(4) switch
    {
        0 or 1 => Relay.Audience.All,
        2 => Relay.Audience.Anonymous,
        _ => Relay.Audience.Of(Enumerable.Range(0, _random.Next(1, 3)).Select(_ => TestEvents.Author(_random.Next(8)))),
    };

    private NostrFilter Filter()
    {
        var tags = new Dictionary<char, IReadOnlyList<string>>();
        for (var i = Math.Max(0, _random.Next(5) - 2); i > 0; i--)
        {
            var tag = Tag();
            tags[tag[0][0]] = [.. Enumerable.Range(0, _random.Next(1, 4)).Select(_ => Value(tag[0][0]))];
        }

        var since = 980 + _random.Next(190);
        return new()
        {
            Ids = Maybe(8, () => Any().Id),
            Authors = Maybe(3, () => TestEvents.Author(_random.Next(9))),
            Kinds = Maybe(3, () => _random.Next(6) == 0 ? 5 : Kinds[_random.Next(Kinds.Length)]),
            Tags = tags,
            Since = _random.Next(3) == 0 ? since : null,
            Until = _random.Next(3) == 0 ? since + _random.Next(-5, 100) : null,
            Limit = _random.Next(3) switch { 0 => _random.Next(6), 1 => _random.Next(200), _ => 5_000 },
        };
    }

    private List<T>? Maybe<T>(int oneIn, Func<T> make) => _random.Next(oneIn) != 0 ? null : [.. Enumerable.Range(0, _random.Next(12) == 0 ? 0 : _random.Next(1, 6)).Select(_ => make())];

    private NostrEvent Any() => _made[_random.Next(_made.Count)];

    private string[] Tag()
    {
        var letter = "tpdTe"[_random.Next(5)];
        return _random.Next(12) switch
        {
            0 => [$"{letter}"],
            1 => ["title", "x"],
            _ => [$"{letter}", Value(letter), "more"],
        };
    }

    private string Value(char letter) => letter switch
    {
        'p' => TestEvents.Author(_random.Next(8)).ToString(),
        'e' => _made.Count > 0 ? Any().Id.ToString() : "",
        _ => _random.Next(5) switch { 0 => "", 1 => "ä\0b", var n => $"v{n}" },
    };
}
