using Bowline.Bench.Load.Running;

namespace Bowline.Bench.Load.Scenarios;

/// <summary>GET of 13 bytes: latency and rate at a concurrency.</summary>
internal sealed class HttpSmallGet(int concurrency, TimeSpan slice, HttpSideSource source)
    : HttpScenario(Name(concurrency), source)
{
    public static string Name(int concurrency) => $"http small GET c={concurrency}";

    protected override async Task WarmUpAsync(CancellationToken cancellationToken)
        => await new RequestLoop(concurrency, slice / 2, Http.Meter).RunAsync(Http.Link.SmallAsync, cancellationToken);

    public override Task<Measurement> RoundAsync(CancellationToken cancellationToken)
        => new RequestLoop(concurrency, slice, Http.Meter).RunAsync(Http.Link.SmallAsync, cancellationToken);
}
