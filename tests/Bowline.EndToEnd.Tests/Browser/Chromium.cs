using Microsoft.Playwright;

namespace Bowline.EndToEnd.Tests.Browser;

/// <summary>A headless Chromium of Debian's package; it is started once for the tests that need it.</summary>
public class Chromium : IAsyncLifetime
{
    private const string Executable = "/usr/bin/chromium";

    // The machine reaches no network: what a browser asks of its maker in the background would only be refused, many times.
    private static readonly string[] Arguments =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",

        // Pages that connect to each other do it over loopback, by its address.
        "--allow-loopback-in-peer-connection",
    ];

    /// <summary>Whether pages tell the addresses of the machine; a browser without settings gives names that only multicast DNS knows.</summary>
    protected virtual bool TellsAddresses => true;

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = Executable, Args = TellsAddresses ? [.. Arguments, "--disable-features=WebRtcHideLocalIpsWithMdns"] : Arguments, Headless = true });
    }

    /// <summary>A window with cookies of its own.</summary>
    public async Task<IBrowserContext> NewWindowAsync()
    {
        var window = await _browser!.NewContextAsync(new() { ViewportSize = new() { Width = 1000, Height = 800 } });
        window.SetDefaultTimeout(10_000);
        return window;
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }
}
