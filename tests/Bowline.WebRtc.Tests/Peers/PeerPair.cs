namespace Bowline.WebRtc.Tests.Peers;

/// <summary>Two connections of this process, with signaling between them.</summary>
internal sealed class PeerPair : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _pumps = [];

    private PeerPair(PeerConnection offerer, PeerConnection answerer) => (Offerer, Answerer) = (offerer, answerer);

    public PeerConnection Offerer { get; }

    public PeerConnection Answerer { get; }

    public static PeerConnectionOptions Loopback { get; } = new() { CandidateFilter = new() { IncludeLoopback = true, Interfaces = ["lo"] } };

    public static PeerPair Create(PeerConnectionOptions? offerer = null, PeerConnectionOptions? answerer = null)
    {
        var pair = new PeerPair(PeerConnection.Create(offerer ?? Loopback), PeerConnection.Create(answerer ?? offerer ?? Loopback));
        pair._pumps.Add(pair.PumpAsync(pair.Offerer, pair.Answerer));
        pair._pumps.Add(pair.PumpAsync(pair.Answerer, pair.Offerer));
        return pair;
    }

    /// <summary>A pair with one open channel between them.</summary>
    public static async Task<(PeerPair Pair, IDataChannel Left, IDataChannel Right)> ConnectAsync(PeerConnectionOptions? options = null, DataChannelOptions? channel = null)
    {
        var pair = Create(options);
        var left = pair.Offerer.CreateDataChannel("test", channel);
        await pair.NegotiateAsync();
        await left.WaitForOpenAsync().WaitAsync(TimeSpan.FromSeconds(20));
        return (pair, left, await pair.NextChannelAsync());
    }

    public async Task NegotiateAsync()
    {
        await Answerer.SetRemoteDescriptionAsync(await Offerer.CreateOfferAsync());
        await Offerer.SetRemoteDescriptionAsync(await Answerer.CreateAnswerAsync());
    }

    public async Task<IDataChannel> NextChannelAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await foreach (var channel in Answerer.ReadChannelsAsync(limit.Token))
        {
            return channel;
        }

        throw new InvalidOperationException("The connection ended without a channel.");
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_pumps);
        await Offerer.DisposeAsync();
        await Answerer.DisposeAsync();
        _stop.Dispose();
    }

    private async Task PumpAsync(PeerConnection from, PeerConnection to)
    {
        try
        {
            await foreach (var candidate in from.ReadCandidatesAsync(_stop.Token))
            {
                await to.AddIceCandidateAsync(candidate, _stop.Token);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            // The test is over.
        }
    }
}
