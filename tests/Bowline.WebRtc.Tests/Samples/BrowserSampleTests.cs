using System.Net;
using System.Text;
using Bowline.EndToEnd.Tests.Browser;
using Bowline.Testing.Processes;
using Bowline.WebRtc.Tests.Peers;

namespace Bowline.WebRtc.Tests.Samples;

/// <summary>samples/DataChannelBrowser: the real process, and its page in headless Chromium.</summary>
public sealed class BrowserSampleTests(Chromium chromium) : IClassFixture<Chromium>
{
    private const string Open = "open:  ";

    [Fact]
    public async Task The_page_connects_shows_its_echo_and_the_round_trip_and_leaves_nothing_open()
    {
        await using var process = SampleProgram.Start("DataChannelBrowser", "0");
        var address = await AddressAsync(process);
        await using var window = await chromium.NewWindowAsync();
        var page = await window.NewPageAsync();
        var complaints = new List<string>();
        page.Console += (_, message) => complaints.Add(message.Text);
        page.PageError += (_, error) => complaints.Add(error);
        await page.GotoAsync(address);
        await page.WaitForFunctionAsync("() => document.getElementById('state').textContent === 'connected'");
        await page.FillAsync("#text", "grüße <b>from</b> the page");
        await page.ClickAsync("#send");
        Assert.Equal("grüße <b>from</b> the page", await page.TextContentAsync("#lines .echo"));
        await page.WaitForFunctionAsync("() => /^[0-9]+\\.[0-9] ms$/.test(document.getElementById('rtt').textContent)");
        if (Environment.GetEnvironmentVariable("BOWLINE_SCREENSHOTS") is { Length: > 0 } folder)
        {
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, "datachannel-browser.png") });
        }

        Assert.Empty(complaints);
        await page.CloseAsync(new() { RunBeforeUnload = false });
        await process.WaitForLineAsync(static line => line.Contains("0 connections are open", StringComparison.Ordinal), SampleProgram.Limit);
        process.Signal(Signals.Terminate);
        Assert.Equal(0, await process.WaitForExitAsync(SampleProgram.Limit));
    }

    [Fact]
    public async Task An_offer_that_is_none_too_long_or_of_another_type_or_host_is_refused()
    {
        await using var process = SampleProgram.Start("DataChannelBrowser", "0");
        using var client = new HttpClient { BaseAddress = new Uri(await AddressAsync(process)) };
        Assert.Equal(HttpStatusCode.BadRequest, await PostAsync(client, "v=0\r\n", "application/sdp"));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, await PostAsync(client, new string('v', 64 * 1024 + 1), "application/sdp"));
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, await PostAsync(client, "v=0\r\n", "text/plain"));
        client.DefaultRequestHeaders.Host = "example.org";
        Assert.Equal(HttpStatusCode.BadRequest, (await client.GetAsync("/")).StatusCode);
    }

    [Fact]
    public async Task A_seventeenth_page_is_told_that_the_places_are_taken_and_the_process_ends_all_the_same()
    {
        await using var process = SampleProgram.Start("DataChannelBrowser", "0");
        using var client = new HttpClient { BaseAddress = new Uri(await AddressAsync(process)) };
        await using var page = PeerConnection.Create(PeerPair.Loopback);
        page.CreateDataChannel("echo");
        var offer = (await page.CreateOfferAsync()).Sdp;
        for (var i = 0; i < 16; i++)
        {
            Assert.Equal(HttpStatusCode.OK, await PostAsync(client, offer, "application/sdp"));
        }

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await PostAsync(client, offer, "application/sdp"));
        process.Signal(Signals.Terminate);
        Assert.Equal(0, await process.WaitForExitAsync(SampleProgram.Limit));
    }

    private static async Task<string> AddressAsync(TestProcess process) =>
        (await process.WaitForLineAsync(static line => line.StartsWith(Open, StringComparison.Ordinal), SampleProgram.Limit))[Open.Length..];

    private static async Task<HttpStatusCode> PostAsync(HttpClient client, string body, string type)
    {
        using var content = new StringContent(body, Encoding.UTF8, type);
        using var response = await client.PostAsync("/offer", content);
        return response.StatusCode;
    }
}
