using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Bowline.EndToEnd.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Playwright;

namespace Bowline.EndToEnd.Tests.Browser;

/// <summary>A service that is exposed may be hostile: in the browser of a signed-in person it must get nothing of the console.</summary>
public sealed class HostilePageTests(Chromium chromium) : IClassFixture<Chromium>
{
    private const string Page = """
        <!doctype html><title>hostile</title><script>
        const hub = "HUB";
        const attempt = async (name, action) => { try { window.found[name] = await action(); } catch (error) { window.found[name] = "refused"; } };
        window.found = {};
        (async () => {
          await attempt("links", async () => await (await fetch(hub + "api/links", { credentials: "include" })).text());
          await attempt("account", async () => await (await fetch("/api/account", { credentials: "include" })).text());
          await attempt("cookie", async () => document.cookie);
          await attempt("post", async () => { await fetch(hub + "api/invites", { method: "POST", mode: "no-cors", credentials: "include" }); return "sent"; });
          await attempt("form", async () => {
            const frame = document.createElement("iframe"); frame.name = "sink"; document.body.append(frame);
            const form = document.createElement("form"); form.method = "post"; form.action = hub + "console/invites"; form.target = "sink"; document.body.append(form);
            const loaded = new Promise(resolve => frame.addEventListener("load", resolve, { once: true }));
            form.submit(); await loaded;
            return frame.contentDocument ? frame.contentDocument.body.innerText : "closed";
          });
          await attempt("frame", async () => {
            const frame = document.createElement("iframe"); const loaded = new Promise(resolve => frame.addEventListener("load", resolve, { once: true }));
            frame.src = hub; document.body.append(frame); await loaded;
            return frame.contentDocument ? frame.contentDocument.body.innerText : "closed";
          });
          document.title = "tried";
        })();
        </script>
        """;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_exposed_page_can_neither_read_nor_do_anything_at_the_console()
    {
        await using var hub = await HubProcess.StartAsync(Token);
        await using var node = await NodeProcess.StartAsync(hub, "desk", Token);
        var headersSeen = new ConcurrentBag<string>();
        await using var service = await LocalService.StartAsync(app => app.Run(context =>
        {
            headersSeen.Add(string.Join('\n', context.Request.Headers.Select(header => $"{header.Key}: {header.Value}")));
            context.Response.ContentType = "text/html";
            context.Response.Headers.SetCookie = new(["bowline-session=forged; Path=/", "bowline-content=forged; Path=/", "mine=1; Path=/"]);
            return context.Response.WriteAsync(Page.Replace("HUB", hub.Url.ToString(), StringComparison.Ordinal), context.RequestAborted);
        }));
        await using var window = await chromium.NewWindowAsync();
        var page = await ConsoleSession.OpenAsync(window, hub);
        await Assertions.Expect(page.Locator("article.link [data-state]")).ToHaveTextAsync("online", new() { Timeout = 15_000 });
        await using var expose = BowlineProgram.Start(node.Home, "expose", service.Url.ToString(), "--name", "evil");
        await expose.WaitForLineAsync(line => line.Contains("forwards to", StringComparison.Ordinal), TimeSpan.FromSeconds(10), Token);
        var link = page.Locator("article.link .services a", new() { HasText = "evil" });
        await Assertions.Expect(link).ToBeVisibleAsync(new() { Timeout = 15_000 });
        await link.ClickAsync();
        await page.WaitForURLAsync(url => url.StartsWith(hub.ContentUrl.ToString(), StringComparison.Ordinal), new() { WaitUntil = WaitUntilState.Commit });
        await Assertions.Expect(page).ToHaveTitleAsync("tried", new() { Timeout = 15_000 });

        var found = JsonNode.Parse(await page.EvaluateAsync<string>("JSON.stringify(window.found)"))!;
        Assert.Equal("refused", found["links"]!.GetValue<string>());
        Assert.DoesNotContain("admin", found["account"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal("mine=1", found["cookie"]!.GetValue<string>());
        Assert.DoesNotContain("Sign out", found["frame"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.DoesNotContain(headersSeen, headers => headers.Contains("Authorization:", StringComparison.OrdinalIgnoreCase) || headers.Contains("bowline-session", StringComparison.OrdinalIgnoreCase) || headers.Contains("bowline-content", StringComparison.OrdinalIgnoreCase));

        var audit = await hub.Http.GetStringAsync("api/audit", Token);
        var invites = JsonNode.Parse(audit)!.AsArray().Count(entry => entry!["action"]!.GetValue<string>() == "invite.created");
        Assert.Equal(1, invites); // the one this test made to enrol the node

        // The console still works for the person whose browser just ran that page.
        await page.GotoAsync(hub.Url.ToString());
        await Assertions.Expect(page.Locator("article.link h2")).ToHaveTextAsync("desk");
    }
}
