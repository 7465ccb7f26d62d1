namespace Bowline.Hub.Presence;

/// <summary>The way to give up one probe. Disposed exactly once, by whoever takes it from its monitor.</summary>
internal sealed class ProbeRun : IDisposable
{
    private readonly CancellationTokenSource _stop = new();

    public ProbeRun(long id)
    {
        Id = id;
        Token = _stop.Token;
    }

    public long Id { get; }

    public CancellationToken Token { get; }

    /// <summary>Cancels the probe if it still runs.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }
}
