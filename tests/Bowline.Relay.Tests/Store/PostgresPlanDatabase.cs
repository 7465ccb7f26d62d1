using Npgsql;

namespace Bowline.Relay.Tests.Store;

/// <summary>A store's tables with 30,000 rows that the planner has seen.</summary>
public sealed class PostgresPlanDatabase : IAsyncLifetime
{
    private const string Fill = """
        INSERT INTO relay_events (seq, id, pubkey, created_at, ord, kind, address, words, json)
          SELECT n, sha256(n::text::bytea), sha256((n % 300)::text::bytea), 1000 + n / 3, n, n % 7, NULL, to_tsvector('simple', 'word w' || n % 1000), '{}' FROM generate_series(1, 30000) n;
        INSERT INTO relay_tags (seq, key, created_at, ord, kind) SELECT n, substr(sha256((n % 500)::text::bytea), 1, 16), 1000 + n / 3, n, n % 7 FROM generate_series(1, 30000) n;
        VACUUM ANALYZE relay_events;
        VACUUM ANALYZE relay_tags;
        """;

    private readonly PostgresHarness _harness = new();

    /// <summary>Connections set up as the store's own for reading.</summary>
    public NpgsqlDataSource Source { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        await (await _harness.OpenAsync()).DisposeAsync();
        Source = NpgsqlDataSource.Create($"{_harness.ConnectionString};Pooling=false;Options={PostgresEventStore.ReadingOptions}");
        await using var admin = NpgsqlDataSource.Create(_harness.ConnectionString + ";Pooling=false");
        foreach (var sql in Fill.Split(";\n"))
        {
            await using var command = admin.CreateCommand(sql);
            _ = await command.ExecuteNonQueryAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        await _harness.DisposeAsync();
    }
}
