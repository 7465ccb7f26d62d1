using System.Globalization;
using Bowline.Bench.Load.Processes;
using Bowline.Bench.Load.Running;
using Bowline.Bench.Load.Serving;

namespace Bowline.Bench.Load.Scenarios;

/// <summary>
/// What a 256 MiB response that nobody reads holds on each side. Heap is what is reachable after a full collection; RSS has the noise
/// of the runtime in it. Client and server are new processes in each round.
/// </summary>
internal sealed class HttpUnreadResponse(string side, Func<CancellationToken, Task<UnreadSetup>> setUpAsync) : IScenario
{
    public const string Name = "http memory of an unread response";

    public string Figure => Name;

    public string Side => side;

    public Task PrepareAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task<Measurement> RoundAsync(CancellationToken cancellationToken)
    {
        await using var setup = await setUpAsync(cancellationToken);
        string[] pids = [.. setup.Processes.Select(p => p.Pid.ToString(CultureInfo.InvariantCulture))];
        await using var client = await ChildProcess.StartSelfAsync(["unread", setup.Url.ToString(), setup.Nats?.ToString() ?? "-", .. pids]);
        var held = await client.LineAsync(UnreadClient.Parse, cancellationToken);
        Metric[] metrics = [Metric.ClientHeap, Metric.ServerHeap, Metric.ClientRss, Metric.ServerRss, Metric.HelperRss];
        return new Measurement([.. metrics.Zip(held, (m, bytes) => new Reading(m, bytes / (double)(1 << 20)))]);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>The four sides.</summary>
    public static IEnumerable<HttpUnreadResponse> All(Lab lab) =>
    [
        new(Sides.Direct, async ct =>
        {
            var target = await HttpTarget.StartAsync(["serve-http"], ct);
            return new UnreadSetup(target.Url, null, [target.Process], [target]);
        }),
        new(Sides.Ssh, async ct =>
        {
            var target = await HttpTarget.StartAsync(["serve-http"], ct);
            var ssh = await SshTunnel.StartAsync(target.Url, ct);
            return new UnreadSetup(ssh.Url, null, [target.Process, .. ssh.Processes], [target, ssh]);
        }),
        new(Sides.Tunnel, async ct =>
        {
            var nats = await lab.Nats.GetAsync(ct);
            var node = await HttpTarget.StartAsync(["serve-tunnel", nats.Url.ToString()], ct);
            return new UnreadSetup(node.Url, nats.Url, [node.Process, nats.Process], [node]);
        }),
    ];
}

/// <summary>Servers for one round: the first process is the server, the others help.</summary>
internal sealed record UnreadSetup(Uri Url, Uri? Nats, ChildProcess[] Processes, IAsyncDisposable[] Owned) : IAsyncDisposable
{
    public async ValueTask DisposeAsync()
    {
        foreach (var owned in Owned.Reverse())
        {
            await owned.DisposeAsync();
        }
    }
}
