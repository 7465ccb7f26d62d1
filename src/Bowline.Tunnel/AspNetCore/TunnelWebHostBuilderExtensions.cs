using Bowline.Tunnel;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Microsoft.AspNetCore.Hosting;

/// <summary>Serving an ASP.NET Core app through the tunnel, with no listening port.</summary>
public static class TunnelWebHostBuilderExtensions
{
    /// <summary>
    /// Serves the app from exchanges. With a <see cref="TunnelServer"/> among its services the app is mapped there when it starts and
    /// unmapped when it stops; without one, take its handler from <see cref="TunnelApp.Create"/>.
    /// </summary>
    public static IWebHostBuilder UseBowlineTunnel(this IWebHostBuilder builder, Action<TunnelAppOptions>? configure = null) =>
        Use(builder, static services => services.GetService<TunnelServer>(), configure);

    /// <summary>Serves the app as a service of this server, such as a node's own.</summary>
    public static IWebHostBuilder UseBowlineTunnel(this IWebHostBuilder builder, TunnelServer server, Action<TunnelAppOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(server);
        return Use(builder, _ => server, configure);
    }

    /// <summary>Serves the app as a service of this server, under a name and for those granted.</summary>
    public static IWebHostBuilder UseBowlineTunnel(this IWebHostBuilder builder, TunnelServer server, string service, ServiceAccess access) =>
        UseBowlineTunnel(builder, server, options => (options.Service, options.Access) = (service, access));

    private static IWebHostBuilder Use(IWebHostBuilder builder, Func<IServiceProvider, TunnelServer?> server, Action<TunnelAppOptions>? configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = new TunnelAppOptions();
        configure?.Invoke(options);
        options.Validate();
        return builder.ConfigureServices(services => services.AddSingleton<IServer>(
            provider => new TunnelAppServer(options, server(provider), provider.GetRequiredService<ILoggerFactory>())));
    }
}
