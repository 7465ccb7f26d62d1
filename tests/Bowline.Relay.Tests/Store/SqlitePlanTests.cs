using Bowline.Relay.Sqlite;

namespace Bowline.Relay.Tests.Store;

/// <summary>What SQLite makes of the statements that walk: a search in the index that was meant, in its order, and never a table from end to end.</summary>
public sealed class SqlitePlanTests : IAsyncDisposable
{
    private readonly SqliteHarness _harness = new();

    [Theory]
    [InlineData(SqliteReader.ById, "SEARCH events USING INDEX events_id (id=?)")]
    [InlineData(SqliteReader.ByAuthorKind, "SEARCH events USING COVERING INDEX events_author_kind (pubkey=? AND kind=? AND created_at>? AND created_at<?)")]
    [InlineData(SqliteReader.ByAuthor, "SEARCH events USING COVERING INDEX events_author (pubkey=? AND created_at>? AND created_at<?)")]
    [InlineData(SqliteReader.ByKind, "SEARCH events USING COVERING INDEX events_kind (kind=? AND created_at>? AND created_at<?)")]
    [InlineData(SqliteReader.ByTime, "SEARCH events USING COVERING INDEX events_time (created_at>? AND created_at<?)")]
    [InlineData(SqliteReader.ByTag, "SEARCH tags USING PRIMARY KEY (key=? AND created_at>? AND created_at<?)")]
    [InlineData(SqliteReader.HasTagText, "SEARCH tags USING PRIMARY KEY (key=? AND created_at=? AND ord=? AND seq=?)")]
    [InlineData(SqliteReader.BySequence, "SEARCH events USING INTEGER PRIMARY KEY (rowid=?)")]
    [InlineData(SqliteReader.ByWords, "SCAN words VIRTUAL TABLE INDEX")]
    public async Task Each_walk_uses_its_index_and_sorts_nothing(string sql, string plan)
    {
        await using (await _harness.OpenAsync())
        {
            using var database = SqliteDatabase.Open(_harness.File, readOnly: true);
            var statement = database.Prepare("EXPLAIN QUERY PLAN " + sql);
            var lines = new List<string>();
            while (statement.Step())
            {
                lines.Add(statement.Text(3));
            }

            Assert.StartsWith(plan, Assert.Single(lines), StringComparison.Ordinal);
        }
    }

    public ValueTask DisposeAsync() => _harness.DisposeAsync();
}
