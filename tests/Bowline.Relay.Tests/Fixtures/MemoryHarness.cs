using Bowline.Relay.Tests.Store;

namespace Bowline.Relay.Tests;

/// <summary>Keeps nothing.</summary>
public sealed class MemoryHarness : StoreHarness
{
    public override Task<IEventStore> OpenAsync() => Task.FromResult<IEventStore>(new MemoryStore { SupportsSearch = true });

    public override Task MakeReadOnlyAsync(IEventStore store) => throw new NotSupportedException();
}
