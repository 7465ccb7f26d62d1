using System.Security.Cryptography;
using System.Text;
using Bowline.EndToEnd.Tests.Browser;
using Bowline.WebRtc.Tests.Peers;
using Microsoft.Playwright;

namespace Bowline.WebRtc.Tests.Interop;

/// <summary>Our connection with a page in headless Chromium, each as offerer and answerer; the page sends every message back.</summary>
public sealed class BrowserTests(Chromium chromium) : IClassFixture<Chromium>
{
    private const string Page = """
        () => {
          window.pc = new RTCPeerConnection();
          window.states = [];
          const take = (channel) => {
            channel.binaryType = 'arraybuffer';
            channel.onmessage = (e) => channel.send(e.data);
            channel.onclose = () => window.states.push('closed ' + channel.label);
          };
          pc.ondatachannel = (e) => take(e.channel);
          window.make = (label) => { take(pc.createDataChannel(label)); };
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

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_page_echoes_every_size_and_kind_also_after_restarts_of_ice_by_either_side(bool weOffer)
    {
        await using var window = await chromium.NewWindowAsync();
        var page = await window.NewPageAsync();
        await page.EvaluateAsync(Page);
        await using var connection = PeerConnection.Create(PeerPair.Loopback);
        IDataChannel channel;
        if (weOffer)
        {
            channel = connection.CreateDataChannel("echo");
            await WeOfferAsync(connection, page);
            await channel.WaitForOpenAsync().WaitAsync(TimeSpan.FromSeconds(20));
        }
        else
        {
            await page.EvaluateAsync("() => make('echo')");
            await PageOffersAsync(connection, page, restart: false);
            channel = await FirstAsync(connection);
        }

        await using var answers = channel.ReadAllAsync().GetAsyncEnumerator();
        foreach (var size in (int[])[0, 1, 100, 1200, 16_384, 65_535, 65_536, 200_000, 262_144])
        {
            await EchoAsync(channel, answers, size);
        }

        var first = connection.Status.Pair;
        connection.RestartIce();
        await WeOfferAsync(connection, page);
        await ChannelTests.WaitUntilAsync(() => connection.Status.Pair is { } pair && pair != first);
        await EchoAsync(channel, answers, 5000);
        var second = connection.Status.Pair;
        await PageOffersAsync(connection, page, restart: true);
        await ChannelTests.WaitUntilAsync(() => connection.Status.Pair is { } pair && pair != second);
        await EchoAsync(channel, answers, 5000);

        await channel.CloseAsync().WaitAsync(TimeSpan.FromSeconds(10));
        await page.WaitForFunctionAsync("() => states.includes('closed echo')");
    }

    private static async Task WeOfferAsync(PeerConnection connection, IPage page)
    {
        var offer = await connection.CreateOfferAsync();
        await page.EvaluateAsync("(sdp) => pc.setRemoteDescription({ type: 'offer', sdp })", offer.Sdp);
        await connection.SetRemoteDescriptionAsync(new(SessionDescriptionType.Answer, await page.EvaluateAsync<string>("() => describe('answer')")));
    }

    private static async Task PageOffersAsync(PeerConnection connection, IPage page, bool restart)
    {
        await connection.SetRemoteDescriptionAsync(new(SessionDescriptionType.Offer, await page.EvaluateAsync<string>("(restart) => describe('offer', restart)", restart)));
        var answer = await connection.CreateAnswerAsync();
        await page.EvaluateAsync("(sdp) => pc.setRemoteDescription({ type: 'answer', sdp })", answer.Sdp);
    }

    private static async Task<IDataChannel> FirstAsync(PeerConnection connection)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await foreach (var channel in connection.ReadChannelsAsync(limit.Token))
        {
            return channel;
        }

        throw new InvalidOperationException("The connection ended without a channel.");
    }

    private static async Task EchoAsync(IDataChannel channel, IAsyncEnumerator<DataChannelMessage> answers, int size)
    {
        var binary = RandomNumberGenerator.GetBytes(size);
        await channel.SendAsync(binary);
        using (var answer = await EchoTests.NextAsync(answers))
        {
            Assert.False(answer.IsText);
            Assert.True(answer.Content.Span.SequenceEqual(binary), $"{size} bytes of binary came back different");
        }

        var text = Encoding.ASCII.GetString(PeerProgram.Pattern(size, size));
        await channel.SendTextAsync(text);
        using var second = await EchoTests.NextAsync(answers);
        Assert.True(second.IsText);
        Assert.Equal(text, second.GetText());
    }
}
