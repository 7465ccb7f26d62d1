namespace Bowline.Nostr.Tests.Filters;

/// <summary>The compiled matcher says what the naive one says.</summary>
public sealed class CompiledFilterTests
{
    private const int Pairs = 100_000;

    [Fact]
    public void It_agrees_with_the_naive_matcher_about_a_hundred_thousand_random_pairs()
    {
        var random = new RandomEvents(20260102);
        var matched = 0;
        for (var i = 0; i < Pairs; i++)
        {
            var filter = random.NextFilter();
            var value = random.NextEvent();
            var expected = filter.Matches(value);
            matched += expected ? 1 : 0;
            Assert.True(expected == new CompiledFilter(filter).Matches(value), $"pair {i}: {filter} and {value}");
        }

        Assert.InRange(matched, Pairs / 10, Pairs * 9 / 10); // else the alphabets are wrong and the test shows nothing
    }

    [Fact]
    public void An_answer_allocates_nothing()
    {
        var random = new RandomEvents(2);
        var filters = Enumerable.Range(0, 200).Select(_ => new CompiledFilter(random.NextFilter())).ToArray();
        var values = Enumerable.Range(0, 200).Select(_ => random.NextEvent()).ToArray();
        _ = Count(filters, values);
        var before = GC.GetAllocatedBytesForCurrentThread();
        _ = Count(filters, values);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void An_empty_list_matches_nothing_and_an_empty_filter_everything()
    {
        var value = new RandomEvents(3).NextEvent();
        Assert.True(new CompiledFilter(new()).Matches(value));
        Assert.False(new CompiledFilter(new() { Kinds = [] }).Matches(value));
        Assert.False(new CompiledFilter(new() { Ids = [] }).Matches(value));
        Assert.False(new CompiledFilter(new() { Authors = [] }).Matches(value));
        Assert.False(new CompiledFilter(new() { Tags = new Dictionary<char, IReadOnlyList<string>> { ['t'] = [] } }).Matches(value));
    }

    private static int Count(CompiledFilter[] filters, NostrEvent[] values)
    {
        var count = 0;
        foreach (var filter in filters)
        {
            foreach (var value in values)
            {
                count += filter.Matches(value) ? 1 : 0;
            }
        }

        return count;
    }
}
