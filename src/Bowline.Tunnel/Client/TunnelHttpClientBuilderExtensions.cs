using Bowline.Tunnel;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registration of the tunnel for <see cref="System.Net.Http.IHttpClientFactory"/>.</summary>
public static class TunnelHttpClientBuilderExtensions
{
    /// <summary>
    /// Sends this client's requests through the tunnel; needs a <see cref="TunnelClient"/> and an <see cref="ITunnelNodeResolver"/> in the services.
    /// </summary>
    public static IHttpClientBuilder UseBowlineTunnel(this IHttpClientBuilder builder) => builder.ConfigurePrimaryHttpMessageHandler(
        static services => new TunnelHttpHandler(services.GetRequiredService<TunnelClient>(), services.GetRequiredService<ITunnelNodeResolver>()));
}
