using System.Runtime.InteropServices;
using System.Text;

namespace Bowline.Relay.Sqlite;

/// <summary>One connection to a SQLite file. Used by one thread at a time; only <see cref="Interrupt"/> may come from another.</summary>
internal sealed class SqliteDatabase : IDisposable
{
    /// <summary>5 s: a backup or a person's shell holds the file for moments; longer is a mistake to be told.</summary>
    private static readonly TimeSpan BusyTimeout = TimeSpan.FromSeconds(5);

    private readonly string _path;
    private readonly List<SqliteStatement> _statements = [];
    private nint _handle;

    private SqliteDatabase(string path, nint handle)
    {
        _path = path;
        _handle = handle;
    }

    /// <summary>Rows that the last statement changed.</summary>
    public int Changes => LibSqlite3.sqlite3_changes(_handle);

    /// <summary>True when no transaction is open.</summary>
    public bool IsAutocommit => LibSqlite3.sqlite3_get_autocommit(_handle) != 0;

    /// <summary>True when the platform's SQLite was built with this option.</summary>
    public static bool HasOption(string name) => LibSqlite3.sqlite3_compileoption_used(Utf8(name)) != 0;

    /// <exception cref="EventStoreException">It cannot be opened.</exception>
    public static SqliteDatabase Open(string path, bool readOnly)
    {
        var flags = LibSqlite3.OpenNoMutex | (readOnly ? LibSqlite3.OpenReadOnly : LibSqlite3.OpenReadWrite | LibSqlite3.OpenCreate);
        var code = LibSqlite3.sqlite3_open_v2(Utf8(path), out var handle, flags, 0);
        var database = new SqliteDatabase(path, handle);
        try
        {
            database.Check(code);
            database.Check(LibSqlite3.sqlite3_busy_timeout(handle, (int)BusyTimeout.TotalMilliseconds));
            return database;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    /// <summary>Runs statements that return nothing.</summary>
    public void Execute(string sql) => Check(LibSqlite3.sqlite3_exec(_handle, Utf8(sql), 0, 0, 0));

    /// <summary>A statement to be used again and again; closed with the connection.</summary>
    public SqliteStatement Prepare(string sql)
    {
        var text = Utf8(sql);
        Check(LibSqlite3.sqlite3_prepare_v3(_handle, text, text.Length, LibSqlite3.PreparePersistent, out var handle, 0));
        var statement = new SqliteStatement(this, handle);
        _statements.Add(statement);
        return statement;
    }

    /// <summary>The first column of the first row.</summary>
    public long QueryNumber(string sql)
    {
        var statement = Prepare(sql);
        try
        {
            return statement.Step() ? statement.Number(0) : 0;
        }
        finally
        {
            _ = _statements.Remove(statement);
            statement.Close();
        }
    }

    /// <summary>Stops whatever runs on it now; harmless when nothing does.</summary>
    public void Interrupt() => LibSqlite3.sqlite3_interrupt(_handle);

    public void Check(int code)
    {
        if (code is not (LibSqlite3.Ok or LibSqlite3.Row or LibSqlite3.Done))
        {
            throw Failure(code);
        }
    }

    public void Dispose()
    {
        foreach (var statement in _statements)
        {
            statement.Close();
        }

        _statements.Clear();
        _ = LibSqlite3.sqlite3_close_v2(_handle);
        _handle = 0;
    }

    internal static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text + '\0');

    private EventStoreException Failure(int code)
    {
        var said = _handle == 0 ? "out of memory" : Marshal.PtrToStringUTF8(LibSqlite3.sqlite3_errmsg(_handle));
        var (error, advice) = (code & 0xff) switch
        {
            LibSqlite3.Full => (EventStoreError.Full, "Make room on its disk or raise its size limit."),
            LibSqlite3.ReadOnly => (EventStoreError.ReadOnly, "Make the file and its folder writable for the relay."),
            LibSqlite3.Busy or LibSqlite3.Locked => (EventStoreError.Unavailable, "Another process holds it."),
            LibSqlite3.InputOutput => (EventStoreError.Unavailable, "Its disk fails or is full."),
            LibSqlite3.CannotOpen => (EventStoreError.Unavailable, "See that its folder exists and the relay may use it."),
            LibSqlite3.Corrupt or LibSqlite3.NotADatabase => (EventStoreError.Unusable, "Restore it from a backup, or move it away to start with an empty store."),
            _ => (EventStoreError.Refused, ""),
        };
        return new(error, $"The event store {_path} failed: {said} (SQLite {code}). {advice}".TrimEnd());
    }
}
