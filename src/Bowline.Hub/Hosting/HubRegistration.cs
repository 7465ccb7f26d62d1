using Bowline.Core.Health;
using Bowline.Hub.Accounts;
using Bowline.Hub.Audit;
using Bowline.Hub.Console;
using Bowline.Hub.Content;
using Bowline.Hub.Devices;
using Bowline.Hub.Links;
using Bowline.Hub.NatsServer;
using Bowline.Hub.Presence;
using Bowline.Hub.Relays;
using Bowline.Hub.Store;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Bowline.Hub;

/// <summary>Registers a hub with an ASP.NET Core application.</summary>
public static class HubRegistration
{
    /// <summary>Adds everything a hub consists of.</summary>
    /// <exception cref="HubException">The options cannot be used.</exception>
    public static IServiceCollection AddBowlineHub(this IServiceCollection services, HubOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        services.AddSingleton(options);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<HealthTracker>();
        AddHosting(services);
        AddStore(services, options);
        AddAccounts(services);
        AddDevices(services);
        AddNats(services, options);
        services.AddHostedService<RevocationNotice>();
        AddLinks(services);
        AddPresence(services);
        AddContent(services);
        services.AddConsole();
        services.AddHubRelay(options);
        return services;
    }

    private static void AddHosting(IServiceCollection services)
    {
        services.AddSingleton<Hosting.HubNames>();

        // Authentication wants it registered; nothing of ours outlives the process through it, so no key is kept.
        services.AddDataProtection().UseEphemeralDataProtectionProvider();
        services.AddSingleton<Hosting.HubLimits>();
        services.Configure<JsonOptions>(o => o.SerializerOptions.TypeInfoResolverChain.Insert(0, HubJson.Default));
        services.Configure<Microsoft.AspNetCore.Routing.RouteHandlerOptions>(o => o.ThrowOnBadRequest = false);
    }

    private static void AddStore(IServiceCollection services, HubOptions options)
    {
        services.AddSingleton(_ => HubDatabase.Open(Path.Combine(options.DataFolder, "hub.db")));
        services.AddSingleton<HubIdentity>();
        services.AddSingleton<AuditLog>();
    }

    private static void AddAccounts(IServiceCollection services)
    {
        services.AddSingleton<AccountStore>();
        services.AddSingleton<SessionStore>();
        services.AddSingleton<ApiTokenStore>();
        services.AddSingleton<LoginLinks>();
        services.AddSingleton<LoginService>();
        services.AddSingleton<LocalOperator>();
        services.AddAuthentication(HubAuthentication.SchemeName).AddScheme<AuthenticationSchemeOptions, HubAuthentication>(HubAuthentication.SchemeName, configureOptions: null);
        services.AddAuthorization(HubAuthentication.AddPolicies);
    }

    private static void AddDevices(IServiceCollection services)
    {
        services.AddSingleton<DeviceStore>();
        services.AddSingleton<InviteStore>();
        services.AddSingleton<Challenges>();
        services.AddSingleton(p => new NonceCache(p.GetRequiredService<TimeProvider>()));
        services.AddSingleton<DeviceAuthenticator>();
        services.AddSingleton<EnrolmentService>();
        services.AddSingleton<DeviceRevocation>();
        services.AddSingleton<RevocationTerm>();
    }

    private static void AddNats(IServiceCollection services, HubOptions options)
    {
        services.AddSingleton<LinkCredentialStore>();
        if (options.Nats is { } nats)
        {
            services.AddSingleton(nats);
            services.AddSingleton<ExternalNats>();
            services.AddSingleton<INatsBackend>(p => p.GetRequiredService<ExternalNats>());
            services.AddHostedService(p => p.GetRequiredService<ExternalNats>());
            return;
        }

        services.AddSingleton<EmbeddedNats>();
        services.AddSingleton<INatsBackend>(p => p.GetRequiredService<EmbeddedNats>());
        services.AddHostedService(p => p.GetRequiredService<EmbeddedNats>());
    }

    private static void AddLinks(IServiceCollection services)
    {
        services.AddSingleton<LinkSessionService>();
        services.AddSingleton(_ => new BridgeRegistry());
        services.AddSingleton<NatsBridge>();
        services.AddSingleton<LinkTunnel>();
        services.AddSingleton<ITunnelGateway>(p => p.GetRequiredService<LinkTunnel>());
        services.AddHostedService(p => p.GetRequiredService<LinkTunnel>());
    }

    private static void AddContent(IServiceCollection services)
    {
        services.AddSingleton<ContentKeys>();
        services.AddSingleton<ContentOrigins>();
        services.AddSingleton<ContentForwarder>();
        services.AddSingleton<ContentApp>();
    }

    private static void AddPresence(IServiceCollection services)
    {
        services.AddSingleton<IProber, TunnelProber>();
        services.AddSingleton<PresenceService>();
        services.AddSingleton<IPresence>(p => p.GetRequiredService<PresenceService>());
        services.AddHostedService(p => p.GetRequiredService<PresenceService>());
        services.AddSingleton<EventStreams>();
    }
}
