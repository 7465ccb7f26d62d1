using Bowline.Relay.Tests.Store;

namespace Bowline.Relay.Tests.Wire;

public sealed class SqliteRelayTests : RelayStoreTests<SqliteHarness>;

public sealed class SqliteRelayDurabilityTests : RelayDurabilityTests<SqliteHarness>
{
    protected override Task<string> AddressAsync() => Task.FromResult(Harness.File);
}
