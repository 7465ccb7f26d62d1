namespace Bowline.Relay;

/// <summary>Options of <see cref="PostgresEventStore"/>.</summary>
public sealed class PostgresEventStoreOptions
{
    /// <summary>An Npgsql connection string. The user must be allowed to create tables at the first start.</summary>
    public required string ConnectionString { get; init; }

    /// <summary>Connections for queries.</summary>
    /// <value>16: more would only wait for the server's processors; a query holds one while the server works, never while its consumer does.</value>
    public int MaxReaders { get; init; } = 16;

    /// <summary>How often events past their expiration are looked for and removed.</summary>
    /// <value>60 s: they are not handed out from their second on; this only gives the room back.</value>
    public TimeSpan SweepInterval { get; init; } = TimeSpan.FromSeconds(60);
}
