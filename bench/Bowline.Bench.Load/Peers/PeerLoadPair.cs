using Bowline.WebRtc;

namespace Bowline.Bench.Load.Peers;

/// <summary>Two connections of one process, with a channel between them.</summary>
internal sealed record PeerLoadPair(PeerConnection Offerer, PeerConnection Answerer, IDataChannel Left, IDataChannel Right)
{
    public static async Task<PeerLoadPair> ConnectAsync(PeerConnectionOptions options)
    {
        var (offerer, answerer) = (PeerConnection.Create(options), PeerConnection.Create(options));
        var left = offerer.CreateDataChannel("bench");
        await answerer.SetRemoteDescriptionAsync(await offerer.CreateOfferAsync());
        await offerer.SetRemoteDescriptionAsync(await answerer.CreateAnswerAsync());
        await left.WaitForOpenAsync();
        await using var channels = answerer.ReadChannelsAsync().GetAsyncEnumerator();
        return await channels.MoveNextAsync() ? new(offerer, answerer, left, channels.Current) : throw new InvalidOperationException("no channel came");
    }
}
