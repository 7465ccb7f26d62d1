using System.Collections.Concurrent;
using Bowline.Bench.Load.Running;
using Bowline.Bench.Load.Scenarios;

namespace Bowline.Bench.Load.Relays;

/// <summary>REQ for one author's profile among 100,000 stored events, to its EOSE; the next one when it has come.</summary>
internal sealed class RelayRequest(RelaySide side, BenchOptions options, int connections) : IScenario
{
    private readonly ConcurrentQueue<RelayClient> _clients = [];
    private LoadedRelay? _loaded;
    private int _next;

    public string Figure => Name(connections);

    public string Side => side.Name;

    public static string Name(int connections) => $"relay REQ of a profile c={connections}";

    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        _loaded = await side.Loaded.GetAsync(cancellationToken);
        foreach (var client in await RelayTalk.ConnectAsync(_loaded.Relay.Url, connections, cancellationToken))
        {
            _clients.Enqueue(client);
        }

        for (var i = 0; i < 4; i++)
        {
            await RoundAsync(cancellationToken);
        }
    }

    public Task<Measurement> RoundAsync(CancellationToken cancellationToken)
        => new RequestLoop(connections, options.Slice, RelaySide.Meter(_loaded!.Relay)).RunAsync(AskAsync, cancellationToken);

    public ValueTask DisposeAsync()
    {
        RelayTalk.Dispose(_clients);
        return default;
    }

    private async ValueTask AskAsync(CancellationToken cancellationToken)
    {
        if (!_clients.TryDequeue(out var client))
        {
            throw new InvalidOperationException("more loops than connections");
        }

        // A prime apart, so that neighbours in the index do not follow one another.
        var requests = _loaded!.Requests;
        var request = requests[(int)(Interlocked.Increment(ref _next) * 7919L % requests.Length)];
        if (await RelayTalk.RequestAsync(client, request, cancellationToken) != 1)
        {
            throw new InvalidOperationException("there is one profile of each author");
        }

        _clients.Enqueue(client);
    }
}
