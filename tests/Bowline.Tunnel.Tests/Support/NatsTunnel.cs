using Bowline.Core.Identity;
using Bowline.Nats;
using Bowline.Testing.NatsServers;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bowline.Tunnel.Tests.Support;

/// <summary>A client and a server through a real nats-server.</summary>
internal sealed class NatsTunnel : IAsyncDisposable
{
    private NatsTunnel(NatsServerProcess process, DeviceId device, NatsConnection client, NatsConnection server, TunnelClientOptions? options, TunnelLimits? limits)
    {
        Process = process;
        Device = device;
        ClientConnection = client;
        ServerConnection = server;
        Server = new(device, TunnelPair.Options(limits), TimeProvider.System, NullLoggerFactory.Instance);
        Client = new(new NatsClientCarrier(client), options ?? new(), TimeProvider.System, NullLoggerFactory.Instance);
    }

    public NatsServerProcess Process { get; }

    public DeviceId Device { get; }

    public NatsConnection ClientConnection { get; }

    public NatsConnection ServerConnection { get; }

    public TunnelServer Server { get; }

    public TunnelClient Client { get; }

    public string Instance { get; private set; } = "";

    public static async Task<NatsTunnel> StartAsync(Func<TunnelExchange, Task> handler, TunnelClientOptions? options = null, TunnelLimits? limits = null)
    {
        var process = await NatsServerProcess.StartAsync();
        using var key = DeviceKey.Create();
        var tunnel = new NatsTunnel(process, key.Id, new(new() { Url = process.Url }), new(new() { Url = process.Url }), options, limits);
        await tunnel.ClientConnection.ConnectAsync();
        await tunnel.ServerConnection.ConnectAsync();
        tunnel.Server.Services.Map("default", new TestHandler(handler), ServiceAccess.Owner);
        tunnel.Instance = await tunnel.Server.AttachAsync(tunnel.ServerConnection);
        await tunnel.Client.StartAsync();
        return tunnel;
    }

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken = default) =>
        Client.SendAsync(new(Device, "default", TunnelCaller.Account(TunnelPair.Owner)), request, cancellationToken);

    public Task<HttpResponseMessage> GetAsync(string path) => SendAsync(new(HttpMethod.Get, path));

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await Server.DisposeAsync();
        await ClientConnection.DisposeAsync();
        await ServerConnection.DisposeAsync();
        await Process.DisposeAsync();
    }
}
