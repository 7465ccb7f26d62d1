using Bowline.Bench.Load.Running;

namespace Bowline.Bench.Load.Scenarios;

/// <summary>p99 of small GETs, one at a time: first alone, then while a 256 MiB download runs beside them.</summary>
internal sealed class HttpGetDuringDownload(TimeSpan slice, HttpSideSource source) : HttpScenario(Name, source)
{
    public const string Name = "http small GET during a download";

    public override async Task<Measurement> RoundAsync(CancellationToken cancellationToken)
    {
        var idle = await P99Async(cancellationToken);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var downloads = Task.Run(() => DownloadUntilAsync(stop.Token), cancellationToken);
        var loaded = await P99Async(cancellationToken);
        await stop.CancelAsync();
        await downloads;
        return new Measurement(
            new Reading(Metric.LoadedOverIdle, loaded / idle), new Reading(Metric.IdleP99, idle), new Reading(Metric.LoadedP99, loaded));
    }

    protected override Task WarmUpAsync(CancellationToken cancellationToken) => HttpDownload.RunAsync(Http, cancellationToken);

    private async Task<double> P99Async(CancellationToken cancellationToken)
    {
        var loop = new RequestLoop(concurrency: 1, slice, Http.Meter);
        await loop.RunAsync(Http.Link.SmallAsync, cancellationToken);
        return Statistics.Percentile(loop.Latencies, 0.99);
    }

    private async Task DownloadUntilAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await HttpDownload.RunAsync(Http, cancellationToken);
            }
            catch (Exception) when (cancellationToken.IsCancellationRequested)
            {
                return; // The last download is given up half-way, however that side puts it.
            }
        }
    }
}
