using Bowline.Nostr;
using static Bowline.Relay.Tests.Store.TestEvents;

namespace Bowline.Relay.Tests.Store;

/// <summary>What filters find, compared with the plain rules.</summary>
public abstract class StoreFilterTests<THarness> : StoreTests<THarness>
    where THarness : StoreHarness, new()
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Random_events_and_filters_agree_with_the_plain_rules(int seed)
    {
        var random = new RandomEvents(seed);
        var naive = new NaiveStore();
        var pending = new List<(NostrEvent Event, StoreOutcome Expected, Task<StoreOutcome> Outcome)>();
        for (var round = 0; round < 4; round++)
        {
            // Added without waiting, so that batches hold events that replace and delete one another.
            for (var i = 0; i < 700; i++)
            {
                var value = random.Event();
                pending.Add((value, naive.Add(value), Events.AddAsync(value).AsTask()));
            }

            foreach (var (value, expected, outcome) in pending)
            {
                Assert.True(expected == await outcome, $"seed {seed}: {expected} expected, {await outcome} got: {value}");
            }

            pending.Clear();
            for (var i = 0; i < 120; i++)
            {
                var filters = random.Filters();
                var audience = random.Audience();
                var wanted = naive.Find(filters, audience);
                var found = await Events.FindAsync(audience, filters);
                Assert.True(wanted.SequenceEqual(found), $"seed {seed}, filter {i} of round {round}: {wanted.Count} wanted, {found.Count} found: {Describe(filters)}");
                var all = naive.Find(filters.Select(f => f with { Limit = int.MaxValue }), audience).Count;
                Assert.Equal(all, await Events.CountAsync(filters, audience, CancellationToken.None));
            }
        }
    }

    [Fact]
    public async Task Newest_come_first_and_within_a_second_smaller_ids()
    {
        int[] order = [5, 3, 9, 1, 7];
        foreach (var number in order)
        {
            _ = await Events.AddAsync(Make(number % 2, 1, 100 + (number / 4), "", Id(number)));
        }

        Assert.Equal([Id(9), Id(5), Id(7), Id(1), Id(3)], await Events.FindAsync(new NostrFilter()));
        Assert.Equal([Id(9), Id(5)], await Events.FindAsync(new NostrFilter { Limit = 2 }));
        Assert.Equal([Id(9), Id(5)], await Events.FindAsync(new NostrFilter { Limit = 2, Authors = [Author(1), Author(0)] }));
        Assert.Empty(await Events.FindAsync(new NostrFilter { Limit = 0 }));
        Assert.Equal([Id(9)], await Events.FindAsync(new NostrFilter { Limit = 1, Since = long.MinValue, Until = long.MaxValue }));
        Assert.Empty(await Events.FindAsync(new NostrFilter { Since = long.MaxValue, Until = long.MinValue }));
    }

    [Fact]
    public async Task Private_kinds_are_for_those_they_concern_and_do_not_eat_the_limit()
    {
        string[] toTwo = ["p", Author(2).ToString()];
        var note = Make(1, 1, 100);
        var message = Make(1, 4, 101, "", null, toTwo);
        var wrap = Make(1, 1059, 102, "", null, toTwo);
        foreach (var value in new[] { note, message, wrap })
        {
            _ = await Events.AddAsync(value);
        }

        NostrFilter[] shapes = [new(), new() { Authors = [Author(1)] }, new() { Kinds = [1, 4, 1059] }, new() { Ids = [note.Id, message.Id, wrap.Id] }];
        foreach (var shape in shapes)
        {
            Assert.Equal([wrap.Id, message.Id, note.Id], await Events.FindAsync(Audience.All, shape));
            Assert.Equal([wrap.Id, message.Id, note.Id], await Events.FindAsync(Audience.Of(Author(3), Author(2)), shape));
            Assert.Equal([message.Id, note.Id], await Events.FindAsync(Audience.Of(Author(1)), shape));
            Assert.Equal([note.Id], await Events.FindAsync(Audience.Of(Author(3)), shape));
            Assert.Equal([note.Id], await Events.FindAsync(Audience.Anonymous, shape with { Limit = 1 }));
            Assert.Equal(1, await Events.CountAsync([shape], Audience.Anonymous, CancellationToken.None));
        }

        Assert.Equal([wrap.Id], await Events.FindAsync(Audience.Of(Author(2)), new NostrFilter { Kinds = [1059] }));
        Assert.Empty(await Events.FindAsync(Audience.Of(Author(1)), new NostrFilter { Kinds = [1059] }));
        Assert.Empty(await Events.FindAsync(Audience.Anonymous, new NostrFilter { Kinds = [1059, 4] }));
        Assert.Empty(await Events.FindAsync(Audience.Anonymous, new NostrFilter { Tags = Tag('p', Author(2).ToString()) }));
    }

    [Fact]
    public async Task Search_finds_the_events_that_have_all_words()
    {
        Assert.True(Events.SupportsSearch);
        var first = Make(1, 1, 100, "The Bowline holds under LOAD, and never jams: Größe 東京");
        var second = Make(2, 1, 101, "a bowline is a knot");
        var article = Make(2, 30_023, 102, "knots: bowline", null, ["d", "x"]);
        var secret = Make(2, 4, 103, "bowline knot");
        foreach (var value in new[] { first, second, article, secret })
        {
            _ = await Events.AddAsync(value);
        }

        Assert.Equal([article.Id, second.Id, first.Id], await SearchAsync("bowline"));
        Assert.Equal([article.Id], await SearchAsync("bowline", limit: 1));
        Assert.Equal([second.Id], await SearchAsync("KNOT bowline language:en"));
        Assert.Equal([first.Id], await SearchAsync("größe, load!"));
        Assert.Equal([first.Id], await SearchAsync("東京"));
        Assert.Empty(await SearchAsync("bow"));
        Assert.Empty(await SearchAsync("knot OR nothing"));
        Assert.Empty(await SearchAsync("\"'*^:()&|!<-> \\"));
        Assert.Empty(await SearchAsync(""));
        Assert.Equal([second.Id, first.Id], await Events.FindAsync(new NostrFilter { Search = "bowline", Kinds = [1] }));
        Assert.Equal([first.Id], await Events.FindAsync(new NostrFilter { Search = "bowline", Authors = [Author(1)] }));

        Assert.Equal([second.Id], await Events.FindAsync(new NostrFilter { Search = "knot", Ids = [first.Id, second.Id] }));

        // Replaced and deleted events are not found by their words either.
        _ = await Events.AddAsync(Make(2, 30_023, 104, "ropes", null, ["d", "x"]));
        _ = await Events.AddAsync(Make(2, 5, 104, "", null, ["e", second.Id.ToString()]));
        Assert.Equal([first.Id], await SearchAsync("bowline"));
        Assert.Equal(1, await Events.CountAsync([new() { Search = "bowline" }], Audience.All, CancellationToken.None));

        Task<List<EventId>> SearchAsync(string text, int limit = 100) => Events.FindAsync(new NostrFilter { Search = text, Limit = limit });
    }

    private static string Describe(IEnumerable<NostrFilter> filters) => string.Join(" ", filters.Select(filter =>
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        FilterWriter.Write(buffer, filter);
        return TestEvents.Text(buffer.WrittenMemory);
    }));
}
