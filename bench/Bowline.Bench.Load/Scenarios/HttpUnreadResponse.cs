using System.Globalization;
using Bowline.Bench.Load.Running;
using Bowline.Bench.Load.Serving;

namespace Bowline.Bench.Load.Scenarios;

/// <summary>
/// What a 256 MiB response that nobody reads holds: the head is taken, then both sides settle for a second. Heap is what is
/// reachable after a full collection; RSS has the noise of the runtime in it.
/// </summary>
internal sealed class HttpUnreadResponse(HttpSideSource source) : HttpScenario(Name, source)
{
    public const string Name = "http memory of an unread response";
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(1);

    public override async Task<Measurement> RoundAsync(CancellationToken cancellationToken)
    {
        var before = await TakeAsync(cancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Http.Url, "/big"));
        using var response = await Http.Client.SendAsync(request, cancellationToken);
        response.EnsureSuccessStatusCode();
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        await body.ReadExactlyAsync(new byte[1], cancellationToken);
        await Task.Delay(Settle, cancellationToken);
        var after = await TakeAsync(cancellationToken);
        var held = after.Zip(before, (a, b) => (a - b) / (double)(1 << 20)).ToArray();
        return new Measurement(
            new Reading(Metric.ClientHeap, held[0]), new Reading(Metric.ServerHeap, held[1]),
            new Reading(Metric.ClientRss, held[2]), new Reading(Metric.ServerRss, held[3]), new Reading(Metric.HelperRss, held[4]));
    }

    private async Task<long[]> TakeAsync(CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Http.Url, "/memory"));
        using var response = await Http.Client.SendAsync(request, cancellationToken);
        var serverHeap = long.Parse(await response.Content.ReadAsStringAsync(cancellationToken), CultureInfo.InvariantCulture);
        var clientHeap = TargetApp.LiveHeap();
        return [clientHeap, serverHeap, Environment.WorkingSet, Http.Server.Rss, Http.Helpers.Sum(h => h.Rss)];
    }
}
