using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;

namespace Bowline.Tunnel;

/// <summary>An ASP.NET Core server without a port: the app is one service of a <see cref="TunnelServer"/>.</summary>
internal sealed class TunnelAppServer(TunnelServer server, TunnelAppOptions options) : IServer
{
    public IFeatureCollection Features { get; } = new FeatureCollection();

    public Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken)
        where TContext : notnull
    {
        server.Services.Map(options.Service, new AppHandler<TContext>(application), options.Access);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _ = server.Services.Unmap(options.Service);
        return Task.CompletedTask;
    }

    public void Dispose()
    {
    }
}
