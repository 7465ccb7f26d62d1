using Bowline.EndToEnd.Tests.Browser;
using Microsoft.Playwright;

namespace Bowline.Relay.Tests.Interop;

/// <summary>npm's trystero with its default strategy: two pages that know nothing but a relay and a room find each other.</summary>
public sealed class TrysteroTests(Chromium chromium) : IClassFixture<Chromium>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Two_pages_meet_through_the_relay()
    {
        await using var relay = await BowlineProcess.RelayAsync();
        await MeetAsync(relay.Relay);
    }

    [Fact]
    public async Task Two_pages_meet_through_the_relay_of_a_hub()
    {
        await using var hub = await BowlineProcess.HubAsync();
        await MeetAsync(hub.Relay);
    }

    private async Task MeetAsync(Uri relay)
    {
        await using var server = await PageServer.StartAsync();
        await using var here = await chromium.NewWindowAsync();
        await using var there = await chromium.NewWindowAsync();
        var met = await Task.WhenAll(JoinAsync(here, server, relay), JoinAsync(there, server, relay)).WaitAsync(Patience);
        var (a, b) = (met[0], met[1]);
        Assert.NotEqual(a[0], b[0]);
        Assert.Equal([b[0], "hello from " + b[0]], a[1..]);
        Assert.Equal([a[0], "hello from " + a[0]], b[1..]);
    }

    /// <summary>The page's own id, the id of who greeted it, and the greeting.</summary>
    private static async Task<string[]> JoinAsync(IBrowserContext window, PageServer server, Uri relay)
    {
        var page = await window.NewPageAsync();
        _ = await page.GotoAsync(server.Page);
        _ = await page.WaitForFunctionAsync("() => window.meet");
        return await page.EvaluateAsync<string[]>("relay => window.meet(relay)", relay.ToString());
    }
}
