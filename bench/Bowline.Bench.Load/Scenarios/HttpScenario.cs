using Bowline.Bench.Load.Running;

namespace Bowline.Bench.Load.Scenarios;

/// <summary>How a side of the HTTP figures comes to be.</summary>
internal sealed record HttpSideSource(string Name, Func<CancellationToken, Task<HttpSide>> OpenAsync);

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
            await _side.SmallAsync(cancellationToken);
        }

        await WarmUpAsync(cancellationToken);
    }

    public abstract Task<Measurement> RoundAsync(CancellationToken cancellationToken);

    public ValueTask DisposeAsync()
    {
        return _side?.DisposeAsync() ?? default;
    }

    protected virtual Task WarmUpAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
