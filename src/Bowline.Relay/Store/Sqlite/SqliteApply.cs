using Bowline.Nostr;
using Bowline.Relay.Indexing;

namespace Bowline.Relay.Sqlite;

/// <summary>What adding one event does to the tables, inside the transaction of its batch. Used by the writer alone.</summary>
internal sealed class SqliteApply
{
    private readonly SqliteDatabase _database;
    private readonly SqliteStatement _findId;
    private readonly SqliteStatement _findAddress;
    private readonly SqliteStatement _findDeleted;
    private readonly SqliteStatement _insert;
    private readonly SqliteStatement _insertTag;
    private readonly SqliteStatement _insertDeleted;
    private readonly SqliteStatement _delete;
    private readonly SqliteStatement _deleteTag;
    private readonly SqliteStatement _json;
    private readonly SqliteStatement _findExpired;
    private readonly SqliteWords? _words;
    private long _lastSequence;

    public SqliteApply(SqliteDatabase database)
    {
        _database = database;
        _findId = database.Prepare("SELECT seq, kind, pubkey FROM events WHERE id = ?1");
        _findAddress = database.Prepare("SELECT seq, created_at, id FROM events WHERE address = ?1");
        _findDeleted = database.Prepare("SELECT until FROM deleted WHERE key = ?1");
        _insert = database.Prepare("INSERT INTO events (id, pubkey, created_at, ord, kind, expires, address, json, seq) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT (id) DO NOTHING");
        _insertTag = database.Prepare("INSERT INTO tags (key, created_at, ord, seq, kind, expires) VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
        _insertDeleted = database.Prepare("INSERT INTO deleted (key, until) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET until = max(until, excluded.until)");
        _delete = database.Prepare("DELETE FROM events WHERE seq = ?1");
        _deleteTag = database.Prepare("DELETE FROM tags WHERE key = ?1 AND created_at = ?2 AND ord = ?3 AND seq = ?4");
        _json = database.Prepare("SELECT json FROM events WHERE seq = ?1");
        _findExpired = database.Prepare("SELECT seq FROM events WHERE expires <= ?1 LIMIT ?2");
        _words = SqliteSchema.CanSearch ? new SqliteWords(database) : null;
        Reload();
    }

    /// <summary>Events whose words are not indexed yet, at most.</summary>
    public long WordsBehind => _words is null ? 0 : _lastSequence - _words.Position;

    /// <summary>Indexes the words of the next events; returns how many events there were.</summary>
    public int IndexWords(int most) => _words?.Index(most) ?? 0;

    /// <summary>After a rollback: what is remembered is read again.</summary>
    public void Reload()
    {
        _words?.Reload();

        // Never below the position of the words, so that a number that has words is not given to another event.
        _lastSequence = Math.Max(_database.QueryNumber("SELECT max(seq) FROM events"), _words?.Position ?? 0);
    }

    public StoreOutcome Add(IndexedEvent value)
    {
        // A deletion request is never deleted (NIP-09), so nothing has to be looked up for it.
        if (value.Deletion is null && (IsDeleted(value.Deleted, value.CreatedAt) || (value.Address is { } place && IsDeleted(place, value.CreatedAt))))
        {
            return StoreOutcome.Deleted;
        }

        if (value.Address is { } address && Current(address) is { } current)
        {
            if (!IndexedEvent.Replaces(value.CreatedAt, value.Id, current.CreatedAt, current.Id))
            {
                return current.Id == value.Id ? StoreOutcome.Duplicate : StoreOutcome.Superseded;
            }

            Remove(current.Sequence);
        }

        if (!Insert(value))
        {
            return StoreOutcome.Duplicate;
        }

        if (value.Deletion is { } deletion)
        {
            Delete(deletion, value);
        }

        return StoreOutcome.Stored;
    }

    /// <summary>Removes some of what has expired; returns how many.</summary>
    public int RemoveExpired(long now, int most)
    {
        var expired = new List<long>();
        using (_findExpired.Bind(1, now).Bind(2, most).Run())
        {
            while (_findExpired.Step())
            {
                expired.Add(_findExpired.Number(0));
            }
        }

        expired.ForEach(Remove);
        return expired.Count;
    }

    private bool Insert(IndexedEvent value)
    {
        _insert.Bind(1, value.Id).Bind(2, value.PublicKey).Bind(3, value.CreatedAt).Bind(4, value.Order).Bind(5, value.Kind)
            .Bind(6, value.Expires).Bind(7, value.Address).Bind(8, value.Json.Span).Bind(9, _lastSequence + 1).Execute();
        if (_database.Changes == 0)
        {
            return false;
        }

        var sequence = ++_lastSequence;
        if (value.Tags.Count > 0)
        {
            _insertTag.Bind(2, value.CreatedAt).Bind(3, value.Order).Bind(4, sequence).Bind(5, value.Kind).Bind(6, value.Expires);
            for (var i = 0; i < value.Tags.Count; i++)
            {
                _insertTag.Bind(1, value.Tags[i]).Execute();
            }
        }

        return true;
    }

    private void Delete(DeletionRequest deletion, IndexedEvent by)
    {
        foreach (var id in deletion.Ids)
        {
            if (Find(id) is { } found)
            {
                if (found.Author != by.PublicKey || found.Kind == NostrKind.Deletion)
                {
                    continue;
                }

                Remove(found.Sequence);
            }

            // Also when it is not here: it may come later, and is then refused if it is this author's.
            _insertDeleted.Bind(1, IndexKey.OfDeleted(id, by.PublicKey)).Bind(2, long.MaxValue).Execute();
        }

        foreach (var address in deletion.Addresses)
        {
            if (Current(address) is { } current && current.CreatedAt <= by.CreatedAt)
            {
                Remove(current.Sequence);
            }

            _insertDeleted.Bind(1, address).Bind(2, by.CreatedAt).Execute();
        }
    }

    private void Remove(long sequence)
    {
        var value = Stored(sequence);
        _deleteTag.Bind(2, value.CreatedAt).Bind(3, value.Order).Bind(4, sequence);
        foreach (var key in value.Tags)
        {
            _deleteTag.Bind(1, key).Execute();
        }

        _words?.Remove(sequence, value);
        _delete.Bind(1, sequence).Execute();
    }

    private IndexedEvent Stored(long sequence)
    {
        using var run = _json.Bind(1, sequence).Run();
        _ = _json.Step();
        return IndexedEvent.Read(_json.Bytes(0));
    }

    private bool IsDeleted(IndexKey key, long createdAt)
    {
        using var run = _findDeleted.Bind(1, key).Run();
        return _findDeleted.Step() && createdAt <= _findDeleted.Number(0);
    }

    private (long Sequence, int Kind, NostrPublicKey Author)? Find(EventId id)
    {
        using var run = _findId.Bind(1, id).Run();
        return _findId.Step() ? (_findId.Number(0), (int)_findId.Number(1), _findId.Key(2)) : null;
    }

    private (long Sequence, long CreatedAt, EventId Id)? Current(IndexKey address)
    {
        using var run = _findAddress.Bind(1, address).Run();
        return _findAddress.Step() ? (_findAddress.Number(0), _findAddress.Number(1), _findAddress.Id(2)) : null;
    }
}
