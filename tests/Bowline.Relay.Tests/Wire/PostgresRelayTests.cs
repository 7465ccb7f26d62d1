using Bowline.Relay.Tests.Store;

namespace Bowline.Relay.Tests.Wire;

public sealed class PostgresRelayTests : RelayStoreTests<PostgresHarness>;

public sealed class PostgresRelayDurabilityTests : RelayDurabilityTests<PostgresHarness>
{
    protected override async Task<string> AddressAsync()
    {
        await Harness.CreateAsync();
        return Harness.Address;
    }
}
