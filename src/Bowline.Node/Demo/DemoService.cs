using Bowline.Tunnel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Bowline.Node.Demo;

/// <summary>
/// A small ASP.NET Core app served inside the node's process, through the tunnel, without a port: something to look at after
/// <c>bowline up</c>, and an example of how to serve an app of one's own.
/// </summary>
internal sealed class DemoService : IAsyncDisposable
{
    /// <summary>The service's name.</summary>
    public const string Name = "demo";

    private readonly WebApplication _app;

    private DemoService(WebApplication app) => _app = app;

    public static async Task<DemoService> StartAsync(TunnelServer server, ServiceAccess access, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(loggers);
        builder.Services.AddRoutingCore();
        builder.WebHost.UseBowlineTunnel(server, options =>
        {
            options.Service = Name;
            options.Access = access;
        });
        var app = builder.Build();
        app.UseWebSockets();
        DemoEndpoints.Map(app, time);
        await app.StartAsync(cancellationToken);
        return new DemoService(app);
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }
}
