using Microsoft.Playwright;

namespace Bowline.WebRtc.Tests.Interop;

/// <summary>A page with one connection, which sends back whatever comes on a channel, and the descriptions between it and ours.</summary>
internal static class BrowserPage
{
    private const string Script = """
        () => {
          window.pc = new RTCPeerConnection();
          window.states = [];
          window.channels = {};
          window.candidates = [];
          pc.onicecandidate = (e) => e.candidate && window.candidates.push(e.candidate.candidate);
          const take = (channel) => {
            window.channels[channel.label] = channel;
            channel.binaryType = 'arraybuffer';
            channel.onmessage = (e) => channel.send(e.data);
            channel.onclose = () => window.states.push('closed ' + channel.label);
          };
          pc.ondatachannel = (e) => take(e.channel);
          window.make = (label, init) => {
            take(pc.createDataChannel(label, Object.fromEntries(Object.entries(init ?? {}).filter(([, value]) => value !== null))));
          };
          window.describe = async (kind, restart) => {
            if (restart) pc.restartIce();
            await pc.setLocalDescription(await (kind === 'offer' ? pc.createOffer() : pc.createAnswer()));
            if (pc.iceGatheringState !== 'complete') {
              await new Promise((done) => { pc.onicegatheringstatechange = () => pc.iceGatheringState === 'complete' && done(); });
            }
            return pc.localDescription.sdp;
          };
        }
        """;

    public static async Task<IPage> OpenAsync(IBrowserContext window)
    {
        var page = await window.NewPageAsync();
        await page.EvaluateAsync(Script);
        return page;
    }

    public static async Task WeOfferAsync(PeerConnection connection, IPage page)
    {
        var offer = await connection.CreateOfferAsync();
        await page.EvaluateAsync("(sdp) => pc.setRemoteDescription({ type: 'offer', sdp })", offer.Sdp);
        await connection.SetRemoteDescriptionAsync(new(SessionDescriptionType.Answer, await page.EvaluateAsync<string>("() => describe('answer')")));
    }

    public static async Task PageOffersAsync(PeerConnection connection, IPage page, bool restart)
    {
        await connection.SetRemoteDescriptionAsync(new(SessionDescriptionType.Offer, await page.EvaluateAsync<string>("(restart) => describe('offer', restart)", restart)));
        var answer = await connection.CreateAnswerAsync();
        await page.EvaluateAsync("(sdp) => pc.setRemoteDescription({ type: 'answer', sdp })", answer.Sdp);
    }

    public static async Task<IDataChannel> FirstAsync(PeerConnection connection)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await foreach (var channel in connection.ReadChannelsAsync(limit.Token))
        {
            return channel;
        }

        throw new InvalidOperationException("The connection ended without a channel.");
    }
}
