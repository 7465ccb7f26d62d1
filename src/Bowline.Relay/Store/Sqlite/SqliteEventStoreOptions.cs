namespace Bowline.Relay;

/// <summary>Options of <see cref="SqliteEventStore"/>.</summary>
public sealed class SqliteEventStoreOptions
{
    /// <summary>The database file; made (mode 0600) when it is missing, with its folder.</summary>
    public required string Path { get; init; }

    /// <summary>Whether the store searches (NIP-50). Its index of words costs about as much as all the rest of an event.</summary>
    /// <value>False. It may be turned on and off for one file: what came meanwhile is indexed afterwards.</value>
    public bool Search { get; init; }

    /// <summary>The most bytes the file may grow to.</summary>
    /// <value>No limit: the disk is one.</value>
    public long? MaxBytes { get; init; }

    /// <summary>Memory for pages of the writing connection, bytes.</summary>
    /// <value>64 MiB: the inner pages of the indexes of some million events.</value>
    public long WriterCache { get; init; } = 64L << 20;

    /// <summary>Memory for pages of each reading connection, bytes.</summary>
    /// <value>8 MiB; there are as many as queries run at one time, 16 at most. The system's file cache stands behind them.</value>
    public long ReaderCache { get; init; } = 8L << 20;

    /// <summary>How often events past their expiration are looked for and removed.</summary>
    /// <value>60 s: they are not handed out from their second on; this only gives the room back.</value>
    public TimeSpan SweepInterval { get; init; } = TimeSpan.FromSeconds(60);
}
