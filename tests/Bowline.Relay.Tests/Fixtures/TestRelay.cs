using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Bowline.Relay.Tests;

/// <summary>A relay in a Kestrel of its own on loopback.</summary>
internal sealed class TestRelay : IAsyncDisposable
{
    private readonly WebApplication _app;
    private bool _stopped;

    private TestRelay(WebApplication app, IEventStore store)
    {
        _app = app;
        Store = store;
        Server = app.Services.GetRequiredService<RelayServer>();
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        Http = new Uri(address + "/relay");
        WebSocket = new UriBuilder(Http) { Scheme = "ws" }.Uri;
    }

    public RelayServer Server { get; }

    public IEventStore Store { get; }

    public Uri Http { get; }

    public Uri WebSocket { get; }

    public static async Task<TestRelay> StartAsync(IEventStore? store = null, Action<RelayOptions>? configure = null, TimeProvider? time = null, HttpProtocols protocols = HttpProtocols.Http1AndHttp2)
    {
        store ??= new MemoryStore();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = protocols));
        builder.Services.AddSingleton(store);
        if (time is not null)
        {
            builder.Services.AddSingleton(time);
        }

        builder.Services.AddBowlineRelay(options =>
        {
            options.Access = new() { ChallengeAtConnect = false };
            configure?.Invoke(options);
        });
        var app = builder.Build();
        app.MapBowlineRelay("/relay");
        await app.StartAsync();
        return new(app, store);
    }

    public Task<TestClient> ConnectAsync() => TestClient.ConnectAsync(WebSocket);

    public async Task StopAsync()
    {
        _stopped = true;
        await _app.StopAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_stopped)
        {
            await StopAsync();
        }

        await _app.DisposeAsync();
    }
}
