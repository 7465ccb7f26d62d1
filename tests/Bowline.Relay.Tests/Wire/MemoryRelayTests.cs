namespace Bowline.Relay.Tests.Wire;

public sealed class MemoryRelayTests : RelayStoreTests
{
    protected override Task<IEventStore> OpenAsync() => Task.FromResult<IEventStore>(new MemoryStore { SupportsSearch = true });
}
