using System.Security.Cryptography;
using System.Text;
using Bowline.EndToEnd.Tests.Browser;
using Bowline.WebRtc.Tests.Peers;

namespace Bowline.WebRtc.Tests.Interop;

/// <summary>Our connection with a page in headless Chromium, each as offerer and answerer; the page sends every message back.</summary>
public sealed class BrowserTests(Chromium chromium) : IClassFixture<Chromium>
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_page_echoes_every_size_and_kind_also_after_restarts_of_ice_by_either_side(bool weOffer)
    {
        await using var window = await chromium.NewWindowAsync();
        var page = await BrowserPage.OpenAsync(window);
        await using var connection = PeerConnection.Create(PeerPair.Loopback);
        IDataChannel channel;
        if (weOffer)
        {
            channel = connection.CreateDataChannel("echo");
            await BrowserPage.WeOfferAsync(connection, page);
            await channel.WaitForOpenAsync().WaitAsync(TimeSpan.FromSeconds(20));
        }
        else
        {
            await page.EvaluateAsync("() => make('echo')");
            await BrowserPage.PageOffersAsync(connection, page, restart: false);
            channel = await BrowserPage.FirstAsync(connection);
        }

        await using var answers = channel.ReadAllAsync().GetAsyncEnumerator();
        foreach (var size in (int[])[0, 1, 100, 1200, 16_384, 65_535, 65_536, 200_000, 262_144])
        {
            await EchoAsync(channel, answers, size);
        }

        var first = connection.Status.Pair;
        connection.RestartIce();
        await BrowserPage.WeOfferAsync(connection, page);
        await ChannelTests.WaitUntilAsync(() => connection.Status.Pair is { } pair && pair != first);
        await EchoAsync(channel, answers, 5000);
        var second = connection.Status.Pair;
        await BrowserPage.PageOffersAsync(connection, page, restart: true);
        await ChannelTests.WaitUntilAsync(() => connection.Status.Pair is { } pair && pair != second);
        await EchoAsync(channel, answers, 5000);

        await channel.CloseAsync().WaitAsync(TimeSpan.FromSeconds(10));
        await page.WaitForFunctionAsync("() => states.includes('closed echo')");
    }

    [Fact]
    public async Task Many_channels_of_every_kind_of_both_sides_carry_messages_and_the_page_closes_them()
    {
        await using var window = await chromium.NewWindowAsync();
        var page = await BrowserPage.OpenAsync(window);
        await using var connection = PeerConnection.Create(PeerPair.Loopback);
        DataChannelOptions[] kinds = [new(), new() { IsOrdered = false }, new() { IsOrdered = false, MaxRetransmits = 0 }, new() { MaxRetransmits = 3 }, new() { MaxLifetime = TimeSpan.FromMilliseconds(700), Protocol = "sub" }];
        var ours = kinds.Index().Select(kind => connection.CreateDataChannel($"ours {kind.Index}", kind.Item)).ToList();
        await BrowserPage.WeOfferAsync(connection, page);
        await Task.WhenAll(ours.Select(static channel => channel.WaitForOpenAsync())).WaitAsync(TimeSpan.FromSeconds(20));
        for (var i = 0; i < kinds.Length * 4; i++)
        {
            var kind = kinds[i % kinds.Length];
            await page.EvaluateAsync("([label, init]) => make(label, init)", new object[] { $"theirs {i}", new { ordered = kind.IsOrdered, maxRetransmits = kind.MaxRetransmits, maxPacketLifeTime = (int?)kind.MaxLifetime?.TotalMilliseconds, protocol = kind.Protocol } });
        }

        var theirs = new List<IDataChannel>();
        while (theirs.Count < kinds.Length * 4)
        {
            theirs.Add(await BrowserPage.FirstAsync(connection));
        }

        Assert.All(theirs, channel => Assert.Equal(kinds[int.Parse(channel.Label.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture) % kinds.Length], channel.Options));
        foreach (var channel in ours)
        {
            var seen = await page.EvaluateAsync<string>("(label) => { const c = channels[label]; return [c.ordered, c.maxRetransmits, c.maxPacketLifeTime, c.protocol].join(); }", channel.Label);
            Assert.Equal($"{(channel.Options.IsOrdered ? "true" : "false")},{channel.Options.MaxRetransmits},{channel.Options.MaxLifetime?.TotalMilliseconds},{channel.Options.Protocol}", seen);
        }

        foreach (var channel in ours.Concat(theirs))
        {
            await using var answers = channel.ReadAllAsync().GetAsyncEnumerator();
            await EchoAsync(channel, answers, 1000);
            await page.EvaluateAsync("(label) => channels[label].close()", channel.Label);
            Assert.False(await answers.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10)));
        }
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
