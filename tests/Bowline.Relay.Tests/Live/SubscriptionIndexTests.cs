using Bowline.Nostr;

namespace Bowline.Relay.Tests.Live;

public sealed class SubscriptionIndexTests
{
    private const int Filters = 500;
    private const int Events = 220;

    private static readonly NostrKey[] Keys = [.. Enumerable.Range(0, 12).Select(static _ => NostrKey.Create())];
    private static readonly int[] Kinds = [0, 1, 4, 1059, 20_001, 30_023];
    private static readonly string[] Values = ["", "a", "b", "room", "ünï", "x\ny"];

    [Fact]
    public void The_index_finds_what_the_naive_filter_finds_in_100_000_pairs()
    {
        var random = new Random(20261125);
        var events = Enumerable.Range(0, Events).Select(_ => RandomEvent(random)).ToList();
        var filters = Enumerable.Range(0, Filters).Select(_ => RandomFilter(random, events)).ToList();
        var index = new SubscriptionIndex<NostrFilter>();
        filters.ForEach(filter => index.Add(filter, [filter]));
        var matches = 0;
        foreach (var value in events)
        {
            List<NostrFilter> found = [];
            index.Match(value, found);
            var expected = filters.Where(filter => filter.Matches(value)).ToHashSet(ReferenceEqualityComparer.Instance);
            Assert.Equal(expected.Count, found.Count);
            Assert.All(found, filter => Assert.Contains(filter, expected));
            matches += found.Count;
        }

        Assert.True(Events * Filters >= 100_000);
        Assert.InRange(matches, 2_000, Events * Filters / 2); // Neither nothing nor everything was compared.
        filters.ForEach(index.Remove);
        Assert.True(index.IsEmpty);
    }

    [Fact]
    public void Subscribers_with_many_filters_come_and_go_and_are_found_once()
    {
        var random = new Random(7);
        var events = Enumerable.Range(0, 60).Select(_ => RandomEvent(random)).ToList();
        var index = new SubscriptionIndex<object>();
        var present = new Dictionary<object, NostrFilter[]>();
        for (var round = 0; round < 2_000; round++)
        {
            if (present.Count < 40 && random.Next(2) == 0)
            {
                var subscriber = new object();
                present[subscriber] = [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => RandomFilter(random, events))];
                index.Add(subscriber, present[subscriber]);
            }
            else if (present.Count > 0)
            {
                var subscriber = present.Keys.ElementAt(random.Next(present.Count));
                _ = present.Remove(subscriber);
                index.Remove(subscriber);
            }

            var value = events[random.Next(events.Count)];
            List<object> found = [];
            index.Match(value, found);
            Assert.Equal(found.Count, found.Distinct().Count());
            Assert.Equal(present.Where(pair => pair.Value.Any(filter => filter.Matches(value))).Select(pair => pair.Key).ToHashSet(), found.ToHashSet());
        }

        foreach (var subscriber in present.Keys)
        {
            index.Remove(subscriber);
        }

        Assert.True(index.IsEmpty);
    }

    [Fact]
    public void An_event_that_nobody_wants_looks_at_nobody()
    {
        var index = new SubscriptionIndex<object>();
        for (var i = 0; i < 1_000; i++)
        {
            index.Add(new object(), [Make.Tag('x', $"room {i}") with { Kinds = [Make.Ephemeral] }]);
        }

        List<object> found = [];
        var wanted = Make.Note(kind: Make.Ephemeral, tags: new NostrTag("x", "room 5"));
        index.Match(wanted, found); // What is made once, at the first use, is not the index's cost.
        found.Clear();
        var before = GC.GetAllocatedBytesForCurrentThread();
        index.Match(wanted, found);
        _ = Assert.Single(found);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 20_000);
    }

    private static NostrEvent RandomEvent(Random random) => Keys[random.Next(Keys.Length)].Sign(
        Kinds[random.Next(Kinds.Length)],
        "",
        [.. Enumerable.Range(0, random.Next(5)).Select(_ => RandomTag(random))],
        random.Next(100, 110));

    private static NostrTag RandomTag(Random random) => random.Next(6) switch
    {
        0 => new NostrTag("p"),
        1 => new NostrTag("long", Values[random.Next(Values.Length)]),
        _ => new NostrTag("epxP"[random.Next(4)].ToString(), Values[random.Next(Values.Length)]),
    };

    private static NostrFilter RandomFilter(Random random, List<NostrEvent> events)
    {
        var tags = new Dictionary<char, IReadOnlyList<string>>();
        for (var i = random.Next(3) - 1; i > 0; i--)
        {
            tags["epx"[random.Next(3)]] = [.. Some(random, Values, 4)];
        }

        return new()
        {
            Ids = random.Next(5) == 0 ? [.. Some(random, events, 40).Select(value => value.Id)] : null,
            Authors = random.Next(3) == 0 ? [.. Some(random, Keys, 10).Select(key => key.PublicKey)] : null,
            Kinds = random.Next(2) == 0 ? [.. Some(random, Kinds, 8)] : null,
            Tags = tags,
            Since = random.Next(4) == 0 ? random.Next(100, 110) : null,
            Until = random.Next(4) == 0 ? random.Next(100, 110) : null,
        };
    }

    /// <summary>Some of them, with repetitions, now and then none.</summary>
    private static List<T> Some<T>(Random random, IReadOnlyList<T> all, int most) =>
        [.. Enumerable.Range(0, random.Next(most + 1)).Select(_ => all[random.Next(all.Count)])];
}
