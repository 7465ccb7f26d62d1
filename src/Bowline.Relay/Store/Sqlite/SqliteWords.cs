using System.Text;
using Bowline.Relay.Indexing;

namespace Bowline.Relay.Sqlite;

/// <summary>
/// The index of words. It costs as much as everything else about an event, and half of that in batches: it follows behind, and a search
/// waits until it has caught up.
/// </summary>
internal sealed class SqliteWords
{
    private readonly SqliteDatabase _database;
    private readonly SqliteStatement _next;
    private readonly SqliteStatement _insert;
    private readonly SqliteStatement _delete;
    private readonly SqliteStatement _advance;

    public SqliteWords(SqliteDatabase database)
    {
        _database = database;
        _next = database.Prepare("SELECT seq, kind, json FROM events WHERE seq > ?1 ORDER BY seq LIMIT ?2");
        _insert = database.Prepare("INSERT INTO words (rowid, content) VALUES (?1, ?2)");
        _delete = database.Prepare("INSERT INTO words (words, rowid, content) VALUES ('delete', ?1, ?2)");
        _advance = database.Prepare("UPDATE progress SET words = ?1");
    }

    /// <summary>The last event whose words are indexed.</summary>
    public long Position { get; private set; }

    public void Reload() => Position = _database.QueryNumber("SELECT words FROM progress");

    public int Index(int most)
    {
        var count = 0;
        using (_next.Bind(1, Position).Bind(2, most).Run())
        {
            for (; _next.Step(); count++)
            {
                Position = _next.Number(0);
                if (SearchWords.IsSearched((int)_next.Number(1)))
                {
                    Write(_insert, Position, IndexedEvent.Read(_next.Bytes(2)));
                }
            }
        }

        if (count > 0)
        {
            _advance.Bind(1, Position).Execute();
        }

        return count;
    }

    public void Remove(long sequence, IndexedEvent value)
    {
        if (sequence <= Position)
        {
            Write(_delete, sequence, value);
        }
    }

    private static void Write(SqliteStatement statement, long sequence, IndexedEvent value)
    {
        if (value.Words is { Count: > 0 } words)
        {
            statement.Bind(1, sequence).BindText(2, Encoding.UTF8.GetBytes(string.Join(' ', words))).Execute();
        }
    }
}
