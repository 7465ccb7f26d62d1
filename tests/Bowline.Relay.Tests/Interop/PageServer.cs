using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Bowline.Relay.Tests.Interop;

/// <summary>Serves the page of a peer, and packages of npm as modules, on an origin of its own.</summary>
internal sealed class PageServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private PageServer(WebApplication app) => _app = app;

    public string Page => _app.Urls.Single() + "/";

    public static async Task<PageServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var page = InteropFolder.File("meet.html");
        app.MapGet("/", () => Results.File(page, "text/html; charset=utf-8"));
        app.MapGet("/npm/{**path}", (string path) => Results.File(InteropFolder.File("node_modules/" + path), "text/javascript"));
        await app.StartAsync();
        return new(app);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
