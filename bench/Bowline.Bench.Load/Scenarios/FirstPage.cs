using System.Diagnostics;
using Bowline.Bench.Load.Processes;
using Bowline.Bench.Load.Running;

namespace Bowline.Bench.Load.Scenarios;

/// <summary>From <c>bowline up</c> on an empty folder to the console's first page: hub, nats-server, node, link and demo in between.</summary>
internal sealed class FirstPage(BenchOptions options) : IScenario
{
    public const string Name = "product up to first page";
    public static readonly Metric Seconds = new("time", "s", HigherIsBetter: false);

    public string Figure => Name;

    public string Side => Sides.Up;

    public Task PrepareAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task<Measurement> RoundAsync(CancellationToken cancellationToken)
    {
        using var home = new TempFolder();
        using var http = new HttpClient();
        var listen = $"127.0.0.1:{BowlineHub.FreePort()}";
        var clock = Stopwatch.StartNew();
        await using var up = await BowlineHub.StartAsync(
            home, options.BowlineProgram, "up", "--listen", listen, "--content-port", BowlineHub.FreePort());
        await up.LineAsync(l => l.Contains("/login#", StringComparison.Ordinal) ? l : null, cancellationToken);
        using var page = await http.GetAsync(new Uri($"http://{listen}/"), cancellationToken);
        await page.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync(cancellationToken);
        return new Measurement(new Reading(Seconds, clock.Elapsed.TotalSeconds), new Reading(IdleNode.Rss, up.Rss / (double)(1 << 20)));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
