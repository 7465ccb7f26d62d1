using Bowline.Core.Files;
using Microsoft.Data.Sqlite;

namespace Bowline.Hub.Store;

/// <summary>
/// The hub's SQLite file in WAL mode. Writes go one at a time through one connection, so SQLITE_BUSY cannot happen
/// inside the hub; reads take a pooled connection and see the last committed state.
/// </summary>
internal sealed class HubDatabase : IDisposable
{
    private readonly string _readConnection;
    private readonly SqliteConnection _writer;
    private readonly Lock _writing = new();

    private HubDatabase(string path, SqliteConnection writer)
    {
        Path = path;
        _writer = writer;
        _readConnection = new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadOnly }.ToString();
    }

    public string Path { get; }

    /// <summary>Opens or creates the file (mode 0600) and brings its schema up to date.</summary>
    /// <exception cref="HubException">The file is not a hub database of this version or cannot be opened.</exception>
    public static HubDatabase Open(string path)
    {
        NativeSqlite.EnsureBound();
        SecretFile.CreateFolder(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!);
        CreatePrivately(path);
        var writer = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadWrite, Pooling = false }.ToString());
        try
        {
            writer.Open();
            writer.Execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 5000;");
            Migrator.Migrate(writer);
            return new HubDatabase(path, writer);
        }
        catch (SqliteException e)
        {
            writer.Dispose();
            throw new HubException(HubError.DatabaseUnusable, $"The database {path} cannot be used: {e.Message} Restore it from a backup, or move it away to start with an empty hub.", e);
        }
        catch
        {
            writer.Dispose();
            throw;
        }
    }

    /// <summary>Runs one write transaction; it is rolled back when <paramref name="work"/> throws.</summary>
    public T Write<T>(Func<SqliteConnection, T> work)
    {
        lock (_writing)
        {
            using var transaction = _writer.BeginTransaction();
            var result = work(_writer);
            transaction.Commit();
            return result;
        }
    }

    /// <summary>Runs a read on a connection of its own.</summary>
    public T Read<T>(Func<SqliteConnection, T> work)
    {
        using var connection = new SqliteConnection(_readConnection);
        connection.Open();
        return work(connection);
    }

    public void Dispose()
    {
        lock (_writing)
        {
            _writer.Dispose();
        }

        using var reader = new SqliteConnection(_readConnection);
        SqliteConnection.ClearPool(reader);
    }

    private static void CreatePrivately(string path)
    {
        if (File.Exists(path))
        {
            return;
        }

        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var file = new FileStream(path, options);
    }
}
