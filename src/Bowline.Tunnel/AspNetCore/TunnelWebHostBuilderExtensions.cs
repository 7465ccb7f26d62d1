using Bowline.Tunnel;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.AspNetCore.Hosting;

/// <summary>Serving an ASP.NET Core app through the tunnel.</summary>
public static class TunnelWebHostBuilderExtensions
{
    /// <summary>Serves the app through the <see cref="TunnelServer"/> of its services, instead of on a port.</summary>
    public static IWebHostBuilder UseBowlineTunnel(this IWebHostBuilder builder, Action<TunnelAppOptions>? configure = null) =>
        builder.UseBowlineTunnel(static services => services.GetRequiredService<TunnelServer>(), configure);

    /// <summary>Serves the app through this server, such as a node's own, instead of on a port.</summary>
    public static IWebHostBuilder UseBowlineTunnel(this IWebHostBuilder builder, TunnelServer server, Action<TunnelAppOptions>? configure = null) =>
        builder.UseBowlineTunnel(_ => server, configure);

    private static IWebHostBuilder UseBowlineTunnel(this IWebHostBuilder builder, Func<IServiceProvider, TunnelServer> server, Action<TunnelAppOptions>? configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = new TunnelAppOptions();
        configure?.Invoke(options);
        return builder.ConfigureServices(services => services.AddSingleton<IServer>(provider => new TunnelAppServer(server(provider), options)));
    }
}
