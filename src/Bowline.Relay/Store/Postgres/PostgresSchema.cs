using System.Globalization;
using Npgsql;

namespace Bowline.Relay.Postgres;

/// <summary>Tables and indexes, in numbered steps; <c>relay_schema</c> holds the last one done.</summary>
internal static class PostgresSchema
{
    /// <summary>The advisory lock of every writing transaction ("bowlrely"): one writes at a time, whichever process it is in.</summary>
    public const long WriteLock = 0x626F776C72656C79;

    // Every index that is walked holds what the walk needs to check without the row. JSON is bytes: text cannot hold U+0000.
    private const string Events = """
        CREATE TABLE relay_events (
          seq bigint PRIMARY KEY,
          id bytea NOT NULL,
          pubkey bytea NOT NULL,
          created_at bigint NOT NULL,
          ord bigint NOT NULL,
          kind integer NOT NULL,
          expires bigint,
          address bytea,
          words tsvector,
          json bytea NOT NULL
        );
        CREATE SEQUENCE relay_events_seq CACHE 1 OWNED BY relay_events.seq;
        CREATE UNIQUE INDEX relay_events_id ON relay_events (id);
        CREATE UNIQUE INDEX relay_events_address ON relay_events (address) WHERE address IS NOT NULL;
        CREATE INDEX relay_events_author_kind ON relay_events (pubkey, kind, created_at DESC, ord) INCLUDE (seq, expires);
        CREATE INDEX relay_events_author ON relay_events (pubkey, created_at DESC, ord) INCLUDE (seq, kind, expires);
        CREATE INDEX relay_events_kind ON relay_events (kind, created_at DESC, ord) INCLUDE (seq, expires);
        CREATE INDEX relay_events_time ON relay_events (created_at DESC, ord) INCLUDE (seq, kind, expires);
        CREATE INDEX relay_events_expires ON relay_events (expires) WHERE expires IS NOT NULL;
        CREATE INDEX relay_events_words ON relay_events USING gin (words) WHERE words IS NOT NULL;
        CREATE TABLE relay_tags (
          seq bigint NOT NULL,
          key bytea NOT NULL,
          created_at bigint NOT NULL,
          ord bigint NOT NULL,
          kind integer NOT NULL,
          expires bigint,
          PRIMARY KEY (seq, key)
        );
        CREATE INDEX relay_tags_key ON relay_tags (key, created_at DESC, ord) INCLUDE (seq, kind, expires);
        CREATE TABLE relay_deleted (key bytea PRIMARY KEY, until bigint NOT NULL);
        """;

    private static readonly string[] Steps = [Events];

    /// <summary>Brings the database up to date; several processes may do so at once.</summary>
    /// <exception cref="EventStoreException">It is of a newer version.</exception>
    public static async Task MigrateAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = transaction.ConfigureAwait(false);
        await ExecuteAsync(string.Create(CultureInfo.InvariantCulture, $"SELECT pg_advisory_xact_lock({WriteLock})")).ConfigureAwait(false);
        await ExecuteAsync("CREATE TABLE IF NOT EXISTS relay_schema (version integer NOT NULL)").ConfigureAwait(false);
        var version = await ExecuteAsync("SELECT coalesce(max(version), 0) FROM relay_schema").ConfigureAwait(false);
        if (version > Steps.Length)
        {
            throw new EventStoreException(EventStoreError.Unusable, $"The event store has schema {version}, but this relay knows only {Steps.Length}. Run the newer relay that wrote it.");
        }

        for (; version < Steps.Length; version++)
        {
            await ExecuteAsync(Steps[version]).ConfigureAwait(false);
            await ExecuteAsync(string.Create(CultureInfo.InvariantCulture, $"DELETE FROM relay_schema; INSERT INTO relay_schema (version) VALUES ({version + 1})")).ConfigureAwait(false);
        }

        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);

        async Task<int> ExecuteAsync(string sql)
        {
            var command = new NpgsqlCommand(sql, connection, transaction);
            await using var disposing = command.ConfigureAwait(false);
            return await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) is int number ? number : 0;
        }
    }
}
