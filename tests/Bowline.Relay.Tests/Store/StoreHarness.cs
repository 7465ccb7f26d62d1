using Bowline.Testing.Time;

namespace Bowline.Relay.Tests.Store;

/// <summary>A place for one store, kept over closing and opening it again. The clock stands still.</summary>
public abstract class StoreHarness : IAsyncDisposable
{
    public ManualTimeProvider Time { get; } = new(TestEvents.Now);

    public abstract Task<IEventStore> OpenAsync();

    /// <summary>Makes the open store unable to write, as a file or database that became read-only does.</summary>
    public abstract Task MakeReadOnlyAsync(IEventStore store);

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return default;
    }
}
