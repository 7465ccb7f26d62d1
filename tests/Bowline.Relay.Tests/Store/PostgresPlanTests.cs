using Bowline.Nostr;
using Bowline.Relay.Postgres;
using Npgsql;
using static Bowline.Relay.Tests.Store.TestEvents;

namespace Bowline.Relay.Tests.Store;

/// <summary>What PostgreSQL's planner makes of each shape of filter among 30,000 events: the index that was meant, and never a whole table.</summary>
public sealed class PostgresPlanTests : IAsyncLifetime
{
    private const string Fill = """
        INSERT INTO relay_events (seq, id, pubkey, created_at, ord, kind, address, words, json)
          SELECT n, sha256(n::text::bytea), sha256((n % 300)::text::bytea), 1000 + n / 3, n, n % 7, NULL, to_tsvector('simple', 'word w' || n % 1000), '{}' FROM generate_series(1, 30000) n;
        INSERT INTO relay_tags (seq, key, created_at, ord, kind) SELECT n, substr(sha256((n % 500)::text::bytea), 1, 16), 1000 + n / 3, n, n % 7 FROM generate_series(1, 30000) n;
        VACUUM ANALYZE relay_events;
        VACUUM ANALYZE relay_tags;
        """;

    private readonly PostgresHarness _harness = new();
    private NpgsqlDataSource _source = null!;

    public static TheoryData<string, string> Shapes => new()
    {
        { "ids", "relay_events_id" },
        { "author and kind", "relay_events_author_kind" },
        { "author", "relay_events_author" },
        { "many authors", "relay_events_author" },
        { "kind", "relay_events_kind" },
        { "tag", "relay_tags_key" },
        { "tag and author", "relay_events_author" },
        { "two tags", "relay_tags_key" },
        { "time", "relay_events_time" },
        { "everything", "relay_events_time" },
        { "search", "relay_events_words" },
    };

    public async ValueTask InitializeAsync()
    {
        await (await _harness.OpenAsync()).DisposeAsync();
        _source = NpgsqlDataSource.Create($"{_harness.ConnectionString};Pooling=false;Options={PostgresEventStore.ReadingOptions}");
        await using var admin = NpgsqlDataSource.Create(_harness.ConnectionString + ";Pooling=false");
        foreach (var sql in Fill.Split(";\n"))
        {
            await using var command = admin.CreateCommand(sql);
            _ = await command.ExecuteNonQueryAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _source.DisposeAsync();
        await _harness.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task Each_shape_of_filter_walks_its_index(string shape, string index)
    {
        foreach (var audience in new[] { Audience.All, Audience.Anonymous, Audience.Of(Author(1)) })
        {
            var plan = await ExplainAsync(Filter(shape) with { Limit = 20 }, audience);
            Assert.Contains(index + " ", plan, StringComparison.Ordinal);
            Assert.DoesNotContain("Seq Scan", plan, StringComparison.Ordinal);
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
        await using var connection = await _source.OpenConnectionAsync();
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
