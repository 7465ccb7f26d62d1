using System.Security.Cryptography;
using Bowline.Node.Link;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Bowline.Node;

/// <summary>Registers the node.</summary>
public static class BowlineNodeServiceCollectionExtensions
{
    /// <summary>Runs a node in this process, from the start of the host to its stop. The folder must have joined a hub.</summary>
    /// <exception cref="NodeException">At the start of the host: not joined, already running, or the folder is unusable.</exception>
    public static IServiceCollection AddBowlineNode(this IServiceCollection services, NodeOptions options)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(new LinkTimings());
        services.AddSingleton(options);
        services.AddSingleton<NodeService>(provider => new NodeService(
            options,
            provider.GetRequiredService<LinkTimings>(),
            provider.GetRequiredService<IHostApplicationLifetime>(),
            provider.GetRequiredService<TimeProvider>(),
            new Random(RandomNumberGenerator.GetInt32(int.MaxValue)),
            provider.GetRequiredService<Microsoft.Extensions.Logging.ILoggerFactory>()));
        services.AddHostedService(provider => provider.GetRequiredService<NodeService>());
        return services;
    }
}
