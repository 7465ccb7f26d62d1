using Bowline.Core.Health;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Bowline.Relay;

/// <summary>A relay in an ASP.NET Core application.</summary>
public static class RelayRegistration
{
    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Options, HttpMethods.Connect];

    /// <summary>
    /// Adds a relay on the <see cref="IEventStore"/> of the services. It starts, with its options checked, when the application does, and
    /// stops gracefully before it ends.
    /// </summary>
    public static IServiceCollection AddBowlineRelay(this IServiceCollection services, Action<RelayOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddSingleton(provider =>
        {
            var options = new RelayOptions();
            configure?.Invoke(options);
            return Create(provider, options);
        });
        return services.AddHostedService<RelayLifetime>();
    }

    /// <summary>Serves the relay of <see cref="AddBowlineRelay"/> at a path. No other middleware is needed.</summary>
    public static IEndpointConventionBuilder MapBowlineRelay(this IEndpointRouteBuilder endpoints, string pattern)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        return endpoints.MapBowlineRelay(pattern, endpoints.ServiceProvider.GetRequiredService<RelayServer>());
    }

    /// <summary>Serves a relay of its own at a path, on the <see cref="IEventStore"/> of the services.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public static IEndpointConventionBuilder MapBowlineRelay(this IEndpointRouteBuilder endpoints, string pattern, RelayOptions options)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var server = Create(endpoints.ServiceProvider, options);
        // The server keeps the task; Kestrel waits for the connections that end by it.
        _ = endpoints.ServiceProvider.GetService<IHostApplicationLifetime>()?.ApplicationStopping.Register(() => _ = server.StopAsync());
        return endpoints.MapBowlineRelay(pattern, server);
    }

    /// <summary>Serves a relay at a path; it stays its owner's.</summary>
    public static IEndpointConventionBuilder MapBowlineRelay(this IEndpointRouteBuilder endpoints, string pattern, RelayServer server)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(server);
        return endpoints.MapMethods(pattern, Methods, server.HandleAsync).WithDisplayName("Bowline relay");
    }

    private static RelayServer Create(IServiceProvider provider, RelayOptions options) => new(
        options,
        provider.GetRequiredService<IEventStore>(),
        provider.GetService<TimeProvider>() ?? TimeProvider.System,
        provider.GetRequiredService<ILogger<RelayServer>>(),
        provider.GetService<HealthTracker>());

    /// <summary>Stops with the application: connections are told before Kestrel begins to wait for them.</summary>
    private sealed class RelayLifetime(RelayServer server, IHostApplicationLifetime lifetime) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            _ = lifetime.ApplicationStopping.Register(() => _ = server.StopAsync());
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => server.StopAsync().WaitAsync(cancellationToken);
    }
}
