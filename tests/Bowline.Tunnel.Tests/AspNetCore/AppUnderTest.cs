using Bowline.Testing.Tunnel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Bowline.Tunnel.Tests.AspNetCore;

/// <summary>A real minimal API app, served from exchanges that the test makes.</summary>
internal sealed class AppUnderTest : IAsyncDisposable
{
    private AppUnderTest(WebApplication app) => (App, Handler) = (app, TunnelApp.Create(app));

    public WebApplication App { get; }

    public ITunnelHandler Handler { get; }

    public static async Task<AppUnderTest> StartAsync(Action<WebApplication> map, Action<TunnelAppOptions>? configure = null)
    {
        var app = Build(map, configure);
        await app.App.StartAsync();
        return app;
    }

    public static AppUnderTest Build(Action<WebApplication> map, Action<TunnelAppOptions>? configure = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddRouting();
        builder.WebHost.UseBowlineTunnel(configure);
        var app = builder.Build();
        map(app);
        return new(app);
    }

    /// <summary>Runs one exchange to its end and reads the body.</summary>
    public async Task<(TestResponseHead Head, string Body)> AskAsync(TestExchange exchange, byte[]? body = null)
    {
        var running = exchange.RunAsync(Handler);
        if (body is not null)
        {
            await exchange.Upload.WriteAsync(body);
            await exchange.Upload.CompleteAsync();
        }

        var head = await exchange.Head.Soon();
        using var reader = new StreamReader(exchange.Download);
        var text = await reader.ReadToEndAsync().Soon();
        await running.Soon();
        return (head, text);
    }

    public async Task<(TestResponseHead Head, string Body)> GetAsync(string path)
    {
        using var exchange = new TestExchange("GET", path);
        return await AskAsync(exchange);
    }

    public async ValueTask DisposeAsync() => await App.DisposeAsync();
}

internal static class SoonExtensions
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    public static Task Soon(this Task task) => task.WaitAsync(Limit);

    public static Task<T> Soon<T>(this Task<T> task) => task.WaitAsync(Limit);

    public static async Task<string> ReadTextAsync(this Stream stream, int atMost = 4096)
    {
        var buffer = new byte[atMost];
        var size = await stream.ReadAsync(buffer).AsTask().Soon();
        return System.Text.Encoding.UTF8.GetString(buffer, 0, size);
    }
}
