namespace Bowline.Relay.Tests.Store;

public sealed class PostgresRulesTests : StoreRulesTests<PostgresHarness>;

public sealed class PostgresFilterTests : StoreFilterTests<PostgresHarness>;

public sealed class PostgresRobustnessTests : StoreRobustnessTests<PostgresHarness>;
