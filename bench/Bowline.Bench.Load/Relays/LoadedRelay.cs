namespace Bowline.Bench.Load.Relays;

/// <summary>A relay that holds 10,000 profiles and 90,000 notes.</summary>
internal sealed class LoadedRelay(RelayProcess relay, byte[][] requests) : IAsyncDisposable
{
    private const int Profiles = 10_000;
    private const int Notes = 90_000;
    private const int Connections = 4;
    private const int Outstanding = 100;

    public RelayProcess Relay => relay;

    /// <summary>The REQ for each profile.</summary>
    public byte[][] Requests => requests;

    public static async Task<LoadedRelay> LoadAsync(RelayProcess relay, BenchOptions options, CancellationToken cancellationToken)
    {
        var (events, requests) = SignedEvents.Profiles(options.Scaled(Profiles), options.Scaled(Notes));
        var clients = await RelayTalk.ConnectAsync(relay.Url, Connections, cancellationToken);
        await RelayTalk.PublishAsync(clients, events, Outstanding, cancellationToken);
        RelayTalk.Dispose(clients);
        return new LoadedRelay(relay, requests);
    }

    public ValueTask DisposeAsync() => relay.DisposeAsync();
}
