namespace Bowline.Bench.Load.Relays;

/// <summary>The notes that are published; signed when first asked for, the same for every round and side.</summary>
internal sealed class RelayNotes(BenchOptions options)
{
    private const int MeasuredCount = 20_000;
    private const int WarmUpCount = 5_000;
    private const int WarmUpParts = 4;

    private readonly Lazy<byte[][]> _all = new(() => SignedEvents.Notes(options.Scaled(MeasuredCount) + (WarmUpParts * WarmUpCount)));

    /// <summary>What is published first, with a pause after each part for what compiles in the background.</summary>
    public IEnumerable<ReadOnlyMemory<byte[]>> WarmUp
        => Enumerable.Range(0, WarmUpParts).Select(i => (ReadOnlyMemory<byte[]>)_all.Value.AsMemory(i * WarmUpCount, WarmUpCount));

    public ReadOnlyMemory<byte[]> Measured => _all.Value.AsMemory(WarmUpParts * WarmUpCount);
}
