using Npgsql;

namespace Bowline.Relay.Postgres;

/// <summary>What a failure of PostgreSQL means for who asked.</summary>
internal static class PostgresFailure
{
    public static EventStoreException Of(Exception e)
    {
        var (error, advice) = e switch
        {
            PostgresException { SqlState: PostgresErrorCodes.DiskFull } => (EventStoreError.Full, "Make room on the server's disk."),
            PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction } => (EventStoreError.ReadOnly, "Connect to a server that takes writes."),
            PostgresException { SqlState: "42501" } => (EventStoreError.ReadOnly, "Grant the user the right to create and write tables."),
            PostgresException { SqlState: ['4', '2', ..] } => (EventStoreError.Unusable, "The tables are not those of this version."),
            PostgresException { SqlState: ['5', ..] or ['0', '8', ..] } => (EventStoreError.Unavailable, "See the server's log."),
            PostgresException { SqlState: ['2', '8', ..] or ['3', 'D', ..] } => (EventStoreError.Unusable, "Correct the connection string or create the database."),
            PostgresException => (EventStoreError.Refused, ""),
            _ => (EventStoreError.Unavailable, "See that the server runs and can be reached."),
        };
        return new(error, $"The event store in PostgreSQL failed: {e.Message.TrimEnd('.')}. {advice}".TrimEnd(), e);
    }
}
