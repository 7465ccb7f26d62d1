using System.Globalization;

namespace Bowline.Relay.Sqlite;

/// <summary>Tables and indexes, in numbered steps; <c>user_version</c> holds the last one done.</summary>
internal static class SqliteSchema
{
    /// <summary>"Bowl" in the file's header: this is our file.</summary>
    private const int ApplicationId = 0x426F776C;

    // Every index that is walked ends in what the walk needs to check without the row: created_at and ord for the order, kind for the
    // audience, expires for NIP-40.
    private const string Events = """
        CREATE TABLE events (
          seq INTEGER PRIMARY KEY,
          id BLOB NOT NULL,
          pubkey BLOB NOT NULL,
          created_at INTEGER NOT NULL,
          ord INTEGER NOT NULL,
          kind INTEGER NOT NULL,
          expires INTEGER,
          address BLOB,
          json BLOB NOT NULL
        );
        CREATE UNIQUE INDEX events_id ON events (id);
        CREATE UNIQUE INDEX events_address ON events (address) WHERE address IS NOT NULL;
        CREATE INDEX events_author_kind ON events (pubkey, kind, created_at DESC, ord, expires);
        CREATE INDEX events_author ON events (pubkey, created_at DESC, ord, kind, expires);
        CREATE INDEX events_kind ON events (kind, created_at DESC, ord, expires);
        CREATE INDEX events_time ON events (created_at DESC, ord, kind, expires);
        CREATE INDEX events_expires ON events (expires) WHERE expires IS NOT NULL;
        CREATE TABLE tags (
          key BLOB NOT NULL,
          created_at INTEGER NOT NULL,
          ord INTEGER NOT NULL,
          seq INTEGER NOT NULL,
          kind INTEGER NOT NULL,
          expires INTEGER,
          PRIMARY KEY (key, created_at DESC, ord, seq)
        ) WITHOUT ROWID;
        CREATE TABLE progress (words INTEGER NOT NULL);
        INSERT INTO progress (words) VALUES (0);
        CREATE TABLE deleted (key BLOB PRIMARY KEY, until INTEGER NOT NULL) WITHOUT ROWID;
        """;

    // The words come split and in lower case; 'ascii' leaves everything else as it is. No positions and no sizes: half the work.
    private const string Words = "CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5 (content, content='', detail=none, columnsize=0, tokenize='ascii')";

    private static readonly string[] Steps = [Events];

    /// <summary>True when the platform's SQLite can search.</summary>
    public static bool CanSearch { get; } = SqliteDatabase.HasOption("ENABLE_FTS5");

    /// <summary>Brings the file up to date.</summary>
    /// <exception cref="EventStoreException">It is another program's, or of a newer version.</exception>
    public static void Migrate(SqliteDatabase database, string path)
    {
        var version = database.QueryNumber("PRAGMA user_version");
        var owner = database.QueryNumber("PRAGMA application_id");
        var isNew = version == 0 && database.QueryNumber("SELECT count(*) FROM sqlite_schema") == 0;
        if (!isNew && owner != ApplicationId)
        {
            throw new EventStoreException(EventStoreError.Unusable, $"{path} is the database of another program. Name another file.");
        }

        if (version > Steps.Length)
        {
            throw new EventStoreException(EventStoreError.Unusable, $"The event store {path} has schema {version}, but this relay knows only {Steps.Length}. Run the newer relay that wrote it.");
        }

        for (var step = (int)version; step < Steps.Length; step++)
        {
            database.Execute(string.Create(CultureInfo.InvariantCulture, $"BEGIN IMMEDIATE; {Steps[step]} PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {step + 1}; COMMIT"));
        }

        if (CanSearch)
        {
            database.Execute(Words);
        }
    }
}
