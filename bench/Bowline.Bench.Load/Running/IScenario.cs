namespace Bowline.Bench.Load.Running;

/// <summary>
/// One side of one figure: the same work done by us, or by a peer. The runner prepares all sides of a figure, then runs
/// their rounds interleaved (A B C A B C), so that a busy moment of the machine meets all of them.
/// </summary>
internal interface IScenario : IAsyncDisposable
{
    /// <summary>What is measured, for example <c>nats publish 16 B</c>; equal for all sides.</summary>
    public string Figure { get; }

    /// <summary>Who does it, for example <c>libnats</c>.</summary>
    public string Side { get; }

    /// <summary>Connects and warms up; not timed.</summary>
    public Task PrepareAsync(CancellationToken cancellationToken);

    /// <summary>One timed round.</summary>
    public Task<Measurement> RoundAsync(CancellationToken cancellationToken);
}
