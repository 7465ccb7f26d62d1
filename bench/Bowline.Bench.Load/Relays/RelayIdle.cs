using Bowline.Bench.Load.Running;

namespace Bowline.Bench.Load.Relays;

/// <summary>Anonymous memory of a thousand connections that have one subscription each and say nothing.</summary>
internal sealed class RelayIdle(RelaySide side) : IScenario
{
    public const string Name = "relay 1,000 idle connections";

    private const int Connections = 1_000;
    private const int WarmUpConnections = 100;
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(1);

    public string Figure => Name;

    public string Side => side.Name;

    public Task PrepareAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task<Measurement> RoundAsync(CancellationToken cancellationToken)
    {
        // A new process: memory that earlier connections left free would be used again and not be seen.
        await using var relay = await side.StartAsync(cancellationToken);
        RelayTalk.Dispose(await OpenAsync(relay.Url, WarmUpConnections, cancellationToken));
        await Task.Delay(Settle, cancellationToken);
        var before = relay.Process.Anonymous;
        var clients = await OpenAsync(relay.Url, Connections, cancellationToken);
        await Task.Delay(Settle, cancellationToken);
        var after = relay.Process.Anonymous;
        var rss = relay.Process.Rss;
        RelayTalk.Dispose(clients);
        return new Measurement(
            new Reading(RelayMetrics.Memory, (after - before) / 1024.0 / Connections),
            new Reading(RelayMetrics.Rss, rss / (double)(1 << 20)));
    }

    public ValueTask DisposeAsync() => default;

    private static async Task<RelayClient[]> OpenAsync(Uri url, int count, CancellationToken cancellationToken)
    {
        var clients = await RelayTalk.ConnectAsync(url, count, cancellationToken, 1024);
        foreach (var client in clients)
        {
            await RelayTalk.SubscribeAsync(client, "[\"REQ\",\"live\",{\"kinds\":[20001],\"#x\":[\"bench\"]}]"u8, cancellationToken);
        }

        return clients;
    }
}
