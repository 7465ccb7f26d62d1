namespace Bowline.Relay.Tests.Wire;

/// <summary>So that the store of the other tests is known to be right.</summary>
public sealed class MemoryRelayTests : RelayStoreTests<MemoryHarness>;
