using Bowline.EndToEnd.Tests.Support;
using Bowline.Testing.Processes;
using Microsoft.Playwright;

namespace Bowline.EndToEnd.Tests.Browser;

/// <summary>The console as a person sees it, in Chromium, with a real hub and a real node.</summary>
public sealed class ConsoleTests(Chromium chromium) : IClassFixture<Chromium>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_node_that_is_frozen_and_resumed_is_shown_online_then_unknown_then_online()
    {
        await using var hub = await HubProcess.StartAsync(Token);
        await using var node = await NodeProcess.StartAsync(hub, "desk", Token);
        await using var window = await chromium.NewWindowAsync();
        var page = await ConsoleSession.OpenAsync(window, hub);

        await ShowsAsync(page, "online");
        node.Process.Signal(Signals.Stop);
        await ShowsAsync(page, "unknown");
        Assert.Contains("did not answer a probe", await page.Locator("article.link").InnerTextAsync(), StringComparison.Ordinal);
        node.Process.Signal(Signals.Continue);
        await ShowsAsync(page, "online");
        await Assertions.Expect(page.Locator("article.link .services a")).ToHaveTextAsync("demo");
    }

    [Fact]
    public async Task A_code_made_on_the_page_enrols_a_machine_that_then_appears_without_a_reload()
    {
        await using var hub = await HubProcess.StartAsync(Token);
        await using var window = await chromium.NewWindowAsync();
        var page = await ConsoleSession.OpenAsync(window, hub);
        await Assertions.Expect(page.Locator("#links")).ToContainTextAsync("No machine is linked");

        await page.GetByRole(AriaRole.Button, new() { Name = "Make an invitation code" }).ClickAsync();
        var code = await page.Locator("[data-invite-code]").InnerTextAsync();
        await using var node = await NodeProcess.StartWithCodeAsync(hub, "laptop", code, Token);

        await ShowsAsync(page, "online");
        await Assertions.Expect(page.Locator("article.link h2")).ToHaveTextAsync("laptop");
    }

    [Fact]
    public async Task A_revoked_machine_disappears_and_its_connection_ends()
    {
        await using var hub = await HubProcess.StartAsync(Token);
        await using var node = await NodeProcess.StartAsync(hub, "desk", Token);
        await using var window = await chromium.NewWindowAsync();
        var page = await ConsoleSession.OpenAsync(window, hub);
        await ShowsAsync(page, "online");

        await page.Locator("article.link details summary").ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Revoke desk" }).ClickAsync();
        await Assertions.Expect(page.Locator("#links")).ToContainTextAsync("No machine is linked");
        await node.Process.WaitForLineAsync(line => line.Contains("revoked", StringComparison.OrdinalIgnoreCase), TimeSpan.FromSeconds(10), Token);
    }

    [Fact]
    public async Task A_click_and_the_focus_outlast_that_what_a_page_shows_is_renewed()
    {
        await using var hub = await HubProcess.StartAsync(Token);
        await using var node = await NodeProcess.StartAsync(hub, "desk", Token);
        await using var window = await chromium.NewWindowAsync();
        var page = await ConsoleSession.OpenAsync(window, hub);
        var service = page.Locator("article.link .services a");
        await Assertions.Expect(service).ToBeVisibleAsync(new() { Timeout = 15_000 });

        await service.HoverAsync();
        await page.Mouse.DownAsync();
        for (var renewals = 0; renewals < 2; renewals++)
        {
            var proof = await page.Locator("article.link dl time").First.GetAttributeAsync("datetime");
            await Assertions.Expect(page.Locator("article.link dl time").First).Not.ToHaveAttributeAsync("datetime", proof!, new() { Timeout = 15_000 });
        }

        await Assertions.Expect(service).ToBeFocusedAsync();
        await page.Mouse.UpAsync();
        await page.WaitForURLAsync(url => url.StartsWith(hub.ContentUrl.ToString(), StringComparison.Ordinal), new() { WaitUntil = WaitUntilState.Commit });
    }

    [Fact]
    public async Task An_opened_menu_stays_open_when_the_list_of_links_is_renewed()
    {
        await using var hub = await HubProcess.StartAsync(Token);
        await using var node = await NodeProcess.StartAsync(hub, "desk", Token);
        await using var window = await chromium.NewWindowAsync();
        var page = await ConsoleSession.OpenAsync(window, hub);
        await ShowsAsync(page, "online");

        await page.Locator("article.link details summary").ClickAsync();
        await using var other = await NodeProcess.StartAsync(hub, "laptop", Token);
        await Assertions.Expect(page.Locator("article.link")).ToHaveCountAsync(2, new() { Timeout = 15_000 });
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Revoke desk" })).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Revoke laptop" })).ToBeHiddenAsync();
    }

    [Fact]
    public async Task A_page_that_lost_its_hub_says_that_its_view_is_stale()
    {
        await using var hub = await HubProcess.StartAsync(Token);
        await using var window = await chromium.NewWindowAsync();
        var page = await ConsoleSession.OpenAsync(window, hub);
        var banner = page.Locator("#stale");
        await Assertions.Expect(banner).ToBeHiddenAsync();

        hub.Process.Signal(Signals.Stop);
        await Assertions.Expect(banner).ToBeVisibleAsync(new() { Timeout = 15_000 });
        hub.Process.Signal(Signals.Continue);
        await Assertions.Expect(banner).ToBeHiddenAsync(new() { Timeout = 15_000 });
    }

    [Fact]
    public async Task The_page_asks_nothing_of_any_other_origin_and_breaks_no_rule_of_its_policy()
    {
        await using var hub = await HubProcess.StartAsync(Token);
        await using var window = await chromium.NewWindowAsync();
        var foreign = new List<string>();
        var complaints = new List<string>();
        window.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(hub.Url.ToString(), StringComparison.Ordinal) && !request.Url.StartsWith("data:", StringComparison.Ordinal))
            {
                foreign.Add(request.Url);
            }
        };
        window.Console += (_, message) =>
        {
            if (message.Type == "error")
            {
                complaints.Add(message.Text);
            }
        };
        var page = await ConsoleSession.OpenAsync(window, hub);
        await page.GetByRole(AriaRole.Button, new() { Name = "Make an invitation code" }).ClickAsync();
        await Assertions.Expect(page.Locator("[data-invite-code]")).ToBeVisibleAsync();
        Assert.Empty(foreign);
        Assert.Empty(complaints);
    }

    private static Task ShowsAsync(IPage page, string state) =>
        Assertions.Expect(page.Locator("article.link [data-state]")).ToHaveTextAsync(state, new() { Timeout = 10_000 });
}
