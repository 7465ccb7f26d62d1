namespace Bowline.Relay.Tests.Store;

/// <summary>Tests in which another process uses the place of the store, and is killed.</summary>
public abstract class DurabilityTests<THarness> : HarnessTests<THarness>
    where THarness : StoreHarness, new()
{
    /// <summary>The place, as that process is told.</summary>
    protected abstract Task<string> AddressAsync();
}
