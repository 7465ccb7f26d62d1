using Bowline.Bench.Load.Running;

namespace Bowline.Bench.Load.Scenarios;

/// <summary>A figure taken over HTTP, whatever carries it.</summary>
internal abstract class HttpScenario(string figure, HttpSideSource source) : IScenario
{
    private HttpSide? _side;

    public string Figure => figure;

    public string Side => source.Name;

    protected HttpSide Http => _side ?? throw new InvalidOperationException("not prepared");

    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        _side = await source.OpenAsync(cancellationToken);
        for (var i = 0; i < 500; i++)
        {
            await _side.Link.SmallAsync(cancellationToken);
        }

        await WarmUpAsync(cancellationToken);
    }

    public abstract Task<Measurement> RoundAsync(CancellationToken cancellationToken);

    public ValueTask DisposeAsync()
    {
        return _side?.Link.DisposeAsync() ?? default;
    }

    protected virtual Task WarmUpAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
