using Bowline.Relay;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Bowline.Hub.Relays;

/// <summary>The hub's own Nostr relay: for the signals of the mesh and the profiles of agents.</summary>
internal static class HubRelay
{
    public const string Path = "/relay";

    public static IServiceCollection AddHubRelay(this IServiceCollection services, HubOptions options)
    {
        if (!options.Relay)
        {
            return services;
        }

        services.AddSingleton<IEventStore>(provider => SqliteEventStore.Open(
            new() { Path = System.IO.Path.Combine(options.DataFolder, "relay.db"), Search = true }, // Profiles are to be found, and a hub sees few events.
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<SqliteEventStore>>()));
        return services.AddBowlineRelay(relay => Configure(relay, options));
    }

    /// <summary>
    /// Before the guards of the console: clients of a relay are pages and programs of anywhere, which bring keys of their own and no
    /// cookie that means anything here.
    /// </summary>
    public static IApplicationBuilder UseHubRelay(this IApplicationBuilder app, HubOptions options) => options.Relay
        ? app.MapWhen(static context => context.Request.Path == Path, branch => branch.Run(branch.ApplicationServices.GetRequiredService<RelayServer>().HandleAsync))
        : app;

    private static void Configure(RelayOptions relay, HubOptions options)
    {
        relay.Name = $"{options.Name} (Bowline)";
        relay.Description = "The relay of a Bowline hub.";
        relay.KeyFile = System.IO.Path.Combine(options.DataFolder, "keys", "relay.key");
        if (options.PublicUrl is { } url)
        {
            relay.PublicUrls.Add(new UriBuilder(url) { Scheme = url.Scheme == Uri.UriSchemeHttps ? "wss" : "ws", Path = Path }.Uri);
        }

        foreach (var proxy in options.TrustedProxies)
        {
            relay.TrustedProxies.Add(new System.Net.IPNetwork(proxy, proxy.GetAddressBytes().Length * 8));
        }
    }
}
