using Bowline.Testing.NatsServers;

namespace Bowline.Nats.Tests.Support;

internal static class ServerExtensions
{
    /// <summary>A connection to the server of a test, not opened yet.</summary>
    public static NatsConnection Connection(this NatsServerProcess server, Func<NatsOpts, NatsOpts>? configure = null)
    {
        var opts = NatsOpts.Default with { Url = server.Url, TimeProvider = TimeProvider.System };
        return new NatsConnection(configure?.Invoke(opts) ?? opts);
    }
}
