using Bowline.Nostr;
using Bowline.Relay.Indexing;

namespace Bowline.Relay.Sqlite;

/// <summary>A connection that reads, with its statements. Used by one query at a time.</summary>
internal sealed class SqliteReader : IDisposable
{
    /// <summary>The most found events a search looks at: the latest to arrive of those that have all its words.</summary>
    public const int MostOfSearch = 10_000;

    // The index is named so that the planner cannot take another; SqlitePlanTests says what it makes of each.
    internal const string ById = "SELECT created_at, ord, seq, kind, expires FROM events INDEXED BY events_id WHERE id = ?1 AND created_at BETWEEN ?2 AND ?3";
    internal const string ByAuthorKind = "SELECT created_at, ord, seq, kind, expires FROM events INDEXED BY events_author_kind WHERE pubkey = ?1 AND kind = ?4 AND created_at BETWEEN ?2 AND ?3 ORDER BY created_at DESC, ord";
    internal const string ByAuthor = "SELECT created_at, ord, seq, kind, expires FROM events INDEXED BY events_author WHERE pubkey = ?1 AND created_at BETWEEN ?2 AND ?3 ORDER BY created_at DESC, ord";
    internal const string ByKind = "SELECT created_at, ord, seq, kind, expires FROM events INDEXED BY events_kind WHERE kind = ?1 AND created_at BETWEEN ?2 AND ?3 ORDER BY created_at DESC, ord";
    internal const string ByTime = "SELECT created_at, ord, seq, kind, expires FROM events INDEXED BY events_time WHERE created_at BETWEEN ?2 AND ?3 ORDER BY created_at DESC, ord";
    internal const string ByTag = "SELECT created_at, ord, seq, kind, expires FROM tags WHERE key = ?1 AND created_at BETWEEN ?2 AND ?3 ORDER BY created_at DESC, ord";
    internal const string ByWords = "SELECT rowid FROM words WHERE words MATCH ?1 ORDER BY rowid DESC LIMIT ?2";
    internal const string BySequence = "SELECT created_at, ord, seq, kind, expires FROM events WHERE seq = ?1 AND created_at BETWEEN ?2 AND ?3";
    internal const string HasTagText = "SELECT 1 FROM tags WHERE key = ?1 AND created_at = ?2 AND ord = ?3 AND seq = ?4";

    private readonly SqliteDatabase _database;
    private readonly SqliteStatement _author;
    private readonly SqliteStatement _id;
    private readonly SqliteStatement _hasTag;
    private readonly SqliteStatement _event;
    private readonly Dictionary<string, SqliteStatement> _walks = new(StringComparer.Ordinal);

    public SqliteReader(SqliteDatabase database)
    {
        _database = database;
        _author = database.Prepare("SELECT pubkey FROM events WHERE seq = ?1");
        _id = database.Prepare("SELECT id FROM events WHERE seq = ?1");
        _hasTag = database.Prepare(HasTagText);
        _event = database.Prepare("SELECT id, pubkey, kind, json FROM events WHERE seq = ?1 AND created_at = ?2 AND ord = ?3");
    }

    public SqliteDatabase Database => _database;

    /// <summary>A statement that walks an index, prepared once.</summary>
    public SqliteStatement Walk(string sql)
    {
        if (!_walks.TryGetValue(sql, out var statement))
        {
            _walks.Add(sql, statement = _database.Prepare(sql));
        }

        return statement;
    }

    public bool HasTag(IndexKey key, Candidate candidate)
    {
        using var run = _hasTag.Bind(1, key).Bind(2, candidate.CreatedAt).Bind(3, candidate.Order).Bind(4, candidate.Sequence).Run();
        return _hasTag.Step();
    }

    /// <summary>Null when it has been removed meanwhile.</summary>
    public EventId? Id(long sequence)
    {
        using var run = _id.Bind(1, sequence).Run();
        return _id.Step() ? _id.Id(0) : null;
    }

    /// <summary>Null when it has been removed meanwhile.</summary>
    public NostrPublicKey? Author(long sequence)
    {
        using var run = _author.Bind(1, sequence).Run();
        return _author.Step() ? _author.Key(0) : null;
    }

    /// <summary>Null when it has been removed meanwhile.</summary>
    public StoredEvent? Load(Candidate candidate)
    {
        using var run = _event.Bind(1, candidate.Sequence).Bind(2, candidate.CreatedAt).Bind(3, candidate.Order).Run();
        return _event.Step()
            ? new StoredEvent(_event.Id(0), _event.Key(1), candidate.CreatedAt, (int)_event.Number(2), _event.Bytes(3).ToArray())
            : null;
    }

    public void Dispose() => _database.Dispose();
}
