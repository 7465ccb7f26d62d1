using Bowline.Nostr;
using Bowline.Relay.Postgres;
using static Bowline.Relay.Tests.Store.TestEvents;

namespace Bowline.Relay.Tests.Store;

/// <summary>What PostgreSQL's planner makes of each shape of filter among 30,000 events: the index that was meant, and never a whole table.</summary>
public sealed class PostgresPlanTests(PostgresPlanDatabase database) : IClassFixture<PostgresPlanDatabase>
{
    public static TheoryData<string, string> Shapes => new()
    {
        { "ids", "relay_events_id" },
        { "author and kind", "relay_events_author_kind" },
        { "author", "relay_events_author" },
        { "many authors", "relay_events_author" },
        { "kind", "relay_events_kind" },
        { "tag", "relay_tags_key" },
        { "tag and author", "relay_events_author|relay_tags_key" },
        { "two tags", "relay_tags_key" },
        { "time", "relay_events_time" },
        { "everything", "relay_events_time" },
        { "search", "relay_events_words" },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task Each_shape_of_filter_walks_its_index(string shape, string index)
    {
        foreach (var audience in new[] { Audience.All, Audience.Anonymous, Audience.Of(Author(1)) })
        {
            var plan = await ExplainAsync(Filter(shape) with { Limit = 20 }, audience);
            Assert.True(index.Split('|').Any(name => plan.Contains(name + " ", StringComparison.Ordinal)), plan);
            Assert.DoesNotContain("Seq Scan", plan, StringComparison.Ordinal);

            // A walk reads no further than its limit: what is limited comes out of the index in order and is not sorted first.
            if (shape is not ("ids" or "search" or "tag and author"))
            {
                var lines = plan.Split('\n');
                var innermost = Array.FindLastIndex(lines, line => line.Contains("Limit ", StringComparison.Ordinal));
                Assert.True(lines[innermost + 1].Contains("Index ", StringComparison.Ordinal) || lines[innermost + 1].Contains("Nested Loop", StringComparison.Ordinal), plan);
            }
        }
    }

    private static NostrFilter Filter(string shape) => shape switch
    {
        "ids" => new() { Ids = [.. Enumerable.Range(0, 100).Select(Id)] },
        "author and kind" => new() { Authors = [Author(1)], Kinds = [0, 3] },
        "author" => new() { Authors = [Author(1)] },
        "many authors" => new() { Authors = [.. Enumerable.Range(0, 500).Select(Author)], Since = 100 },
        "kind" => new() { Kinds = [1, 2, 3] },
        "tag" => new() { Tags = Tag('e', "x", "y"), Kinds = [1] },
        "tag and author" => new() { Tags = Tag('t', "x"), Authors = [Author(1)] },
        "two tags" => new() { Tags = new Dictionary<char, IReadOnlyList<string>> { ['e'] = ["x"], ['t'] = ["y"] }, Authors = [Author(1), Author(2)] },
        "time" => new() { Since = 500, Until = 5_000 },
        "search" => new() { Search = "word w7", Kinds = [1] },
        _ => new(),
    };

    private async Task<string> ExplainAsync(NostrFilter filter, Audience audience)
    {
        await using var command = PostgresQuery.Find([filter], audience, Now.ToUnixTimeSeconds());
        command.CommandText = "EXPLAIN " + command.CommandText;
        await using var connection = await database.Source.OpenConnectionAsync();
        command.Connection = connection;
        await using var reader = await command.ExecuteReaderAsync();
        var lines = new List<string>();
        while (await reader.ReadAsync())
        {
            lines.Add(reader.GetString(0));
        }

        return string.Join('\n', lines);
    }
}
