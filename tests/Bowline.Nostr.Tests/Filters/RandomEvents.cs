namespace Bowline.Nostr.Tests.Filters;

/// <summary>Events and filters over alphabets so small that they often meet. Unsigned: nothing here is verified.</summary>
internal sealed class RandomEvents(int seed)
{
    private static readonly string[] Names = ["t", "p", "T", "d", "tt", "", "é"];
    private static readonly string[] Values = ["", "a", "A", "b", "c", "é", "abc", "x1", "x2", "x3"];

    private readonly Random _random = new(seed);

    public NostrEvent NextEvent() => new()
    {
        Id = EventId.FromBytes(Number(4)),
        PublicKey = NostrPublicKey.FromBytes(Number(4)),
        CreatedAt = _random.Next(10),
        Kind = _random.Next(4),
        Tags = [.. Enumerable.Range(0, _random.Next(6)).Select(_ => NextTag())],
        Content = "",
        Signature = default,
    };

    public NostrFilter NextFilter() => new()
    {
        Ids = Some(8, () => EventId.FromBytes(Number(4))),
        Authors = Some(4, () => NostrPublicKey.FromBytes(Number(4))),
        Kinds = Some(3, () => _random.Next(4)),
        Tags = NextTags(),
        Since = _random.Next(3) == 0 ? _random.Next(6) : null,
        Until = _random.Next(3) == 0 ? 3 + _random.Next(7) : null,
        Limit = _random.Next(3) == 0 ? _random.Next(3) : null,
    };

    private NostrTag NextTag()
    {
        var name = Names[_random.Next(3) == 0 ? _random.Next(Names.Length) : _random.Next(2)];
        return _random.Next(6) == 0 ? new(name) : new(name, Values[_random.Next(Values.Length)], "more");
    }

    private Dictionary<char, IReadOnlyList<string>> NextTags()
    {
        Dictionary<char, IReadOnlyList<string>> tags = [];
        if (_random.Next(2) == 0)
        {
            for (var i = _random.Next(3); i > 0; i--)
            {
                tags["tpTd"[_random.Next(4)]] = [.. Enumerable.Range(0, 1 + _random.Next(9)).Select(_ => Values[_random.Next(Values.Length)])];
            }
        }

        return tags;
    }

    /// <summary>Once in so many times a list, short or long enough to become a set, seldom an empty one.</summary>
    private List<T>? Some<T>(int oneIn, Func<T> next) =>
        _random.Next(oneIn) == 0 ? [.. Enumerable.Range(0, _random.Next(20) == 0 ? 0 : 1 + _random.Next(8)).Select(_ => next())] : null;

    private byte[] Number(int below)
    {
        var bytes = new byte[32];
        bytes[31] = (byte)_random.Next(below);
        return bytes;
    }
}
