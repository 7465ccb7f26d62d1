using System.Text.RegularExpressions;
using Bowline.EndToEnd.Tests.Support;
using Microsoft.Playwright;

namespace Bowline.EndToEnd.Tests.Browser;

/// <summary>What a person does first: open the one-time link, choose a password, see the links.</summary>
internal static partial class ConsoleSession
{
    public const string Password = "a long enough password";

    /// <summary>Signs in with the link the hub printed; the page then shows the links.</summary>
    public static async Task<IPage> OpenAsync(IBrowserContext window, HubProcess hub)
    {
        var link = LoginLink().Match(hub.Process.Output).Value;
        var page = await window.NewPageAsync();
        await page.GotoAsync(link);
        await page.Locator("#new-password").FillAsync(Password);
        await page.Locator("#by-link button").ClickAsync();
        await Assertions.Expect(page.Locator("#links")).ToBeVisibleAsync(new() { Timeout = 10_000 });
        return page;
    }

    [GeneratedRegex(@"http://\S+/login#\S+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex LoginLink();
}
