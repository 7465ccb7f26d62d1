using Bowline.Tunnel;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
namespace Bowline.Node.Serving;
internal static class Pending
{
    public static void UseBowlineTunnel(this IWebHostBuilder b, TunnelServer server, string name, ServiceAccess access) => b.ConfigureServices(s => s.AddSingleton<IServer>(new App(server, name, access)));
    private sealed class App(TunnelServer server, string name, ServiceAccess access) : IServer
    {
        public IFeatureCollection Features { get; } = new FeatureCollection();
        public Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken) where TContext : notnull
        {
            server.Services.Map(name, new TunnelAppHandler<TContext>(application), access);
            return Task.CompletedTask;
        }
        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
        public void Dispose() { }
    }
}
