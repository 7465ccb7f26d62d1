namespace Bowline.Relay.Tests.Store;

public sealed class PostgresRulesTests : StoreRulesTests<PostgresHarness>;

public sealed class PostgresFilterTests : StoreFilterTests<PostgresHarness>;

public sealed class PostgresRobustnessTests : StoreRobustnessTests<PostgresHarness>;

public sealed class PostgresDurabilityTests : StoreDurabilityTests<PostgresHarness>
{
    protected override string Kind => StoreAddress.Postgres;

    protected override async Task<string> AddressAsync()
    {
        await Harness.CreateAsync();
        return Harness.ConnectionString;
    }
}
