using Bowline.Hub.Store;

namespace Bowline.Hub.Tests.Store;

public sealed class HubDatabaseTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("bowline-db-").FullName;

    private string File => Path.Combine(_folder, "hub.db");

    [Fact]
    public void Migrations_run_once_and_in_order()
    {
        using (var first = HubDatabase.Open(File))
        {
            first.Write(db => db.Execute("INSERT INTO settings (key, value) VALUES ('a', 'b')"));
        }

        using var second = HubDatabase.Open(File);
        Assert.Equal("b", second.Read(db => db.QuerySingle("SELECT value FROM settings", r => r.GetString(0))));
        Assert.Equal(Migrator.Latest, second.Read(db => db.QuerySingle("PRAGMA user_version", r => r.GetInt32(0))));
        Assert.Equal("wal", second.Read(db => db.QuerySingle("PRAGMA journal_mode", r => r.GetString(0))));
    }

    [Fact]
    public void A_newer_database_is_refused()
    {
        using (var first = HubDatabase.Open(File))
        {
            first.Write(db => db.Execute("PRAGMA user_version = 9999"));
        }

        var error = Assert.Throws<HubException>(() => HubDatabase.Open(File));
        Assert.Equal(HubError.DatabaseUnusable, error.Error);
    }

    [Fact]
    public void A_file_that_is_no_database_is_refused_and_kept()
    {
        System.IO.File.WriteAllText(File, new string('x', 5000));
        var error = Assert.Throws<HubException>(() => HubDatabase.Open(File));
        Assert.Equal(HubError.DatabaseUnusable, error.Error);
        Assert.Equal(5000, new FileInfo(File).Length);
    }

    [Fact]
    public void A_failed_write_leaves_nothing_behind()
    {
        using var database = HubDatabase.Open(File);
        Assert.Throws<InvalidOperationException>(() => database.Write<int>(db =>
        {
            db.Execute("INSERT INTO settings (key, value) VALUES ('a', 'b')");
            throw new InvalidOperationException();
        }));
        Assert.Equal(0, database.Read(db => db.QuerySingle("SELECT COUNT(*) FROM settings", r => r.GetInt32(0))));
    }

    [Fact]
    public async Task Many_writers_take_turns()
    {
        using var database = HubDatabase.Open(File);
        database.Write(db => db.Execute("INSERT INTO settings (key, value) VALUES ('n', '0')"));
        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => database.Write(db => db.Execute("UPDATE settings SET value = value + 1 WHERE key = 'n'")))));
        Assert.Equal("50", database.Read(db => db.QuerySingle("SELECT value FROM settings WHERE key = 'n'", r => r.GetString(0))));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
