namespace Bowline.Relay.Tests.Store;

public sealed class SqliteHarness : StoreHarness
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("bowline-store-");

    public string File => Path.Combine(_folder.FullName, "events.db");

    public long? MaxBytes { get; set; }

    public bool Search { get; set; } = true;

    public override Task<IEventStore> OpenAsync() =>
        Task.FromResult<IEventStore>(SqliteEventStore.Open(new() { Path = File, MaxBytes = MaxBytes, Search = Search }, Time));

    public override async Task MakeReadOnlyAsync(IEventStore store) => await ((SqliteEventStore)store).ExecuteOnWriterAsync("PRAGMA query_only = ON");

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
