namespace Bowline.Relay.Tests.Store;

/// <summary>Tests that have a store open.</summary>
public abstract class StoreTests<THarness> : HarnessTests<THarness>
    where THarness : StoreHarness, new()
{
    protected IEventStore Events { get; set; } = null!;

    public override async ValueTask InitializeAsync() => Events = await Harness.OpenAsync();

    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Events.DisposeAsync();
        await base.DisposeAsync();
    }
}
