using Bowline.Bench.Load.Serving;
using Bowline.Core.Identity;
using Bowline.Nats;
using Bowline.Tunnel;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bowline.Bench.Load.Scenarios;

/// <summary>The client end of the tunnel: an ordinary handler for an ordinary HttpClient, over one NATS connection.</summary>
internal static class TunnelSide
{
    public static async Task<HttpLink> LinkAsync(Uri nats, Uri node, CancellationToken cancellationToken)
    {
        var connection = new NatsConnection(new NatsOpts { Url = nats.ToString() });
        await connection.ConnectAsync(cancellationToken);
        var client = new TunnelClient(new NatsClientCarrier(connection), new TunnelClientOptions(), TimeProvider.System, NullLoggerFactory.Instance);
        await client.StartAsync(cancellationToken);
        return new HttpLink(new HttpMessageInvoker(new TunnelHttpHandler(client, new ByDeviceId())), node, connection, client);
    }

    /// <summary>Addresses in the benchmarks name the device itself.</summary>
    private sealed class ByDeviceId : ITunnelNodeResolver
    {
        public ValueTask<TunnelTarget?> ResolveAsync(string node, string service, CancellationToken cancellationToken)
            => new(new TunnelTarget(DeviceId.Parse(node), service, TunnelCaller.Account(TunnelServe.Account)));
    }
}
