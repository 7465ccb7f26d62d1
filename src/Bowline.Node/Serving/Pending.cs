using Bowline.Tunnel;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
namespace Bowline.Node.Serving;
internal sealed class ForwardHandler(Uri target) : ITunnelHandler
{
    public Task HandleAsync(TunnelExchange exchange) { _ = target; exchange.StatusCode = 502; return Task.CompletedTask; }
}
internal static class Pending
{
    public static void UseBowlineTunnel(this IWebHostBuilder b, TunnelServer server, string name, ServiceAccess access) => b.ConfigureServices(s => s.AddSingleton<IServer, Inert>());
    private sealed class Inert : IServer
    {
        public IFeatureCollection Features { get; } = new FeatureCollection();
        public Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken) where TContext : notnull => Task.CompletedTask;
        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
        public void Dispose() { }
    }
}
