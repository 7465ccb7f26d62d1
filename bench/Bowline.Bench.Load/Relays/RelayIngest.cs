using Bowline.Bench.Load.Running;
using Bowline.Bench.Load.Scenarios;

namespace Bowline.Bench.Load.Relays;

/// <summary>Publishing signed notes until each is answered OK, into a new store each round.</summary>
internal sealed class RelayIngest(RelaySide side, BenchOptions options, RelayNotes notes, int connections) : IScenario
{
    private const int Outstanding = 100;

    public string Figure => Name(connections);

    public string Side => side.Name;

    public static string Name(int connections) => $"relay ingest c={connections}";

    public Task PrepareAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task<Measurement> RoundAsync(CancellationToken cancellationToken)
    {
        await using var relay = await side.StartAsync(cancellationToken);
        var clients = await RelayTalk.ConnectAsync(relay.Url, connections, cancellationToken);
        try
        {
            // The process is new: what is measured is a relay that runs, not the compiling of one.
            foreach (var part in notes.WarmUp)
            {
                await RelayTalk.PublishAsync(clients, part, Outstanding, cancellationToken);
                await Task.Delay(TimeSpan.FromMilliseconds(options.Quick ? 200 : 500), cancellationToken);
            }

            return await CountedWork.TimeAsync(
                RelayMetrics.EventsPerSecond,
                notes.Measured.Length,
                RelaySide.Meter(relay),
                () => RelayTalk.PublishAsync(clients, notes.Measured, Outstanding, cancellationToken));
        }
        finally
        {
            RelayTalk.Dispose(clients);
        }
    }

    public ValueTask DisposeAsync() => default;
}
