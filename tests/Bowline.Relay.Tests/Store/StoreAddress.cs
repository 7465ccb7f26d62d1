namespace Bowline.Relay.Tests.Store;

/// <summary>Opens a store by kind and address, in child processes that get both as arguments.</summary>
internal static class StoreAddress
{
    public const string Sqlite = "sqlite";
    public const string Postgres = "postgres";

    public static Task<IEventStore> OpenAsync(string kind, string address) => kind switch
    {
        Sqlite => Task.FromResult<IEventStore>(SqliteEventStore.Open(new() { Path = address, Search = true })),
        Postgres => OpenPostgresAsync(address),
        _ => throw new ArgumentException($"No store is called {kind}.", nameof(kind)),
    };

    private static async Task<IEventStore> OpenPostgresAsync(string address) => await PostgresEventStore.OpenAsync(new() { ConnectionString = address });
}
