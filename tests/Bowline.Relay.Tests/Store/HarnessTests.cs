namespace Bowline.Relay.Tests.Store;

/// <summary>Tests that have a place for a store.</summary>
public abstract class HarnessTests<THarness> : IAsyncLifetime
    where THarness : StoreHarness, new()
{
    protected THarness Harness { get; } = new();

    public virtual ValueTask InitializeAsync() => default;

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Harness.DisposeAsync();
    }
}
