using System.Runtime.InteropServices;
using Bowline.Nostr;
using Bowline.Relay.Indexing;

namespace Bowline.Relay.Sqlite;

/// <summary>A prepared statement. Parameters count from one, columns from zero.</summary>
internal sealed class SqliteStatement(SqliteDatabase database, nint handle)
{
    private nint _handle = handle;

    /// <summary>Resets the statement at the end of the scope, so that it holds no read transaction open.</summary>
    public Scope Run() => new(this);

    public SqliteStatement Bind(int index, long value)
    {
        database.Check(LibSqlite3.sqlite3_bind_int64(_handle, index, value));
        return this;
    }

    public SqliteStatement Bind(int index, long? value)
    {
        database.Check(value is { } number ? LibSqlite3.sqlite3_bind_int64(_handle, index, number) : LibSqlite3.sqlite3_bind_null(_handle, index));
        return this;
    }

    public SqliteStatement Bind(int index, ReadOnlySpan<byte> value)
    {
        database.Check(LibSqlite3.sqlite3_bind_blob(_handle, index, value, value.Length, LibSqlite3.Transient));
        return this;
    }

    public SqliteStatement BindText(int index, ReadOnlySpan<byte> utf8)
    {
        database.Check(LibSqlite3.sqlite3_bind_text(_handle, index, utf8, utf8.Length, LibSqlite3.Transient));
        return this;
    }

    public SqliteStatement Bind(int index, EventId value)
    {
        Span<byte> bytes = stackalloc byte[EventId.Size];
        value.CopyTo(bytes);
        return Bind(index, bytes);
    }

    public SqliteStatement Bind(int index, NostrPublicKey value)
    {
        Span<byte> bytes = stackalloc byte[NostrPublicKey.Size];
        value.CopyTo(bytes);
        return Bind(index, bytes);
    }

    public SqliteStatement Bind(int index, IndexKey value)
    {
        Span<byte> bytes = stackalloc byte[IndexKey.Size];
        value.Write(bytes);
        return Bind(index, bytes);
    }

    public SqliteStatement Bind(int index, IndexKey? value)
    {
        if (value is { } key)
        {
            return Bind(index, key);
        }

        database.Check(LibSqlite3.sqlite3_bind_null(_handle, index));
        return this;
    }

    /// <summary>Goes to the next row; false after the last.</summary>
    /// <exception cref="EventStoreException">SQLite failed.</exception>
    /// <exception cref="OperationCanceledException">It was interrupted.</exception>
    public bool Step()
    {
        var code = LibSqlite3.sqlite3_step(_handle);
        if (code == LibSqlite3.Row)
        {
            return true;
        }

        if (code == LibSqlite3.Interrupted)
        {
            throw new OperationCanceledException("The query was interrupted.");
        }

        database.Check(code);
        return false;
    }

    /// <summary>Runs it to its end.</summary>
    public void Execute()
    {
        using var run = Run();
        _ = Step();
    }

    public long Number(int column) => LibSqlite3.sqlite3_column_int64(_handle, column);

    public bool IsNull(int column) => LibSqlite3.sqlite3_column_type(_handle, column) == LibSqlite3.NullType;

    /// <summary>The bytes of a column, there until the next step.</summary>
    public unsafe ReadOnlySpan<byte> Bytes(int column)
    {
        var bytes = (void*)LibSqlite3.sqlite3_column_blob(_handle, column);
        return new(bytes, LibSqlite3.sqlite3_column_bytes(_handle, column));
    }

    public string Text(int column) => Marshal.PtrToStringUTF8(LibSqlite3.sqlite3_column_text(_handle, column)) ?? "";

    public EventId Id(int column) => EventId.FromBytes(Bytes(column));

    public NostrPublicKey Key(int column) => NostrPublicKey.FromBytes(Bytes(column));

    public void Close()
    {
        _ = LibSqlite3.sqlite3_finalize(_handle);
        _handle = 0;
    }

    /// <summary>Resets on disposal.</summary>
    public readonly ref struct Scope(SqliteStatement statement)
    {
        // The code repeats what the last step has said already.
        public void Dispose() => _ = LibSqlite3.sqlite3_reset(statement._handle);
    }
}
