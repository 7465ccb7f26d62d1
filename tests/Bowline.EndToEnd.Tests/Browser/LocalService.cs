using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace Bowline.EndToEnd.Tests.Browser;

/// <summary>An HTTP service on a free loopback port, as somebody would expose one.</summary>
internal sealed class LocalService : IAsyncDisposable
{
    private readonly WebApplication _app;

    private LocalService(WebApplication app) => _app = app;

    public Uri Url => new(_app.Urls.Single());

    public static async Task<LocalService> StartAsync(Action<WebApplication> configure)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        configure(app);
        await app.StartAsync();
        return new LocalService(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
