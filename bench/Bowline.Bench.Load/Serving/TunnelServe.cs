using Bowline.Core.Identity;
using Bowline.Nats;
using Bowline.Tunnel;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bowline.Bench.Load.Serving;

/// <summary><c>serve-tunnel URL</c>: the target app in-process behind a tunnel server, no port; the URL may be a WebSocket's.</summary>
internal static class TunnelServe
{
    public const string Account = "bench";

    public static async Task<int> RunAsync(string url)
    {
        using var key = DeviceKey.Create();
        await using var connection = new NatsConnection(new NatsOpts { Url = url });
        await connection.ConnectAsync();
        var options = new TunnelServerOptions { OwnerAccountId = () => Account };
        await using var server = new TunnelServer(key.Id, options, TimeProvider.System, NullLoggerFactory.Instance);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseBowlineTunnel(server);
        await using var app = builder.Build();
        TargetApp.Map(app);
        await app.StartAsync();
        await server.AttachAsync(connection);
        await Ready.SayAsync($"http://{key.Id}.{TunnelAddress.TopLabel}");
        await Ready.UntilStdinEndsAsync();
        await app.StopAsync();
        return 0;
    }
}
