using Bowline.Core.Identity;
using Bowline.Nats;
using Bowline.Node.Demo;
using Bowline.Node.Services;
using Bowline.Tunnel;
using Microsoft.Extensions.Logging;

namespace Bowline.Node.Serving;

/// <summary>The node's tunnel server: what it serves, and over which connections.</summary>
internal sealed class TunnelHost : ILinkServer, IServiceHost, IAsyncDisposable
{
    private readonly TunnelServer _server;
    private readonly FileIdempotencyKeys _keys;
    private readonly TimeProvider _time;
    private readonly ILoggerFactory _loggers;
    private readonly Dictionary<string, ForwardHandler> _forwards = new(StringComparer.Ordinal);
    private DemoService? _demo;

    public TunnelHost(DeviceId device, string hubId, NodeFolder folder, TimeProvider time, ILoggerFactory loggers)
    {
        _time = time;
        _loggers = loggers;
        _keys = new FileIdempotencyKeys(folder.IdempotencyFile, time);
        _server = new TunnelServer(
            device,
            new TunnelServerOptions { HubId = () => hubId, OwnerAccountId = () => OwnerAccountId, IdempotencyKeys = _keys },
            time,
            loggers);
    }

    /// <summary>The account that owns this node, as its hub said.</summary>
    public string? OwnerAccountId { get; set; }

    public void Map(ServiceRecord service, IExchangeObserver observer)
    {
        var options = new ForwardOptions { Observer = new ForwardWatch(service.Name, observer, _time), Http2 = service.Http2 };
        var forward = new ForwardHandler(service.Target!, options, _time, _loggers);
        _ = _forwards.Remove(service.Name, out var replaced);
        _forwards[service.Name] = forward;
        _server.Services.Map(service.Name, forward, ServiceAccess.Owner);
        replaced?.Dispose();
    }

    public void Unmap(string name)
    {
        _server.Services.Unmap(name);
        if (_forwards.Remove(name, out var forward))
        {
            forward.Dispose();
        }
    }

    public void MapNode(ITunnelHandler handler) => _server.Services.MapNode(handler);

    /// <summary>Serves the demo inside this process, without a port.</summary>
    public async Task StartDemoAsync(CancellationToken cancellationToken) =>
        _demo = await DemoService.StartAsync(_server, ServiceAccess.Owner, _time, _loggers, cancellationToken);

    public async Task<ILinkAttachment> AttachAsync(NatsConnection connection, CancellationToken cancellationToken) =>
        new Attachment(_server, await _server.AttachAsync(connection, cancellationToken), _time);

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        if (_demo is not null)
        {
            await _demo.DisposeAsync();
        }

        foreach (var forward in _forwards.Values)
        {
            forward.Dispose();
        }

        _keys.Dispose();
    }

    private sealed class Attachment(TunnelServer server, string instance, TimeProvider time) : ILinkAttachment
    {
        /// <summary>A connection that is let go of may be dead: its flush is not waited for long.</summary>
        private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

        public Task DetachAsync(CancellationToken deadline) => server.DetachAsync(instance, deadline);

        public async ValueTask DisposeAsync()
        {
            // A connection that is let go of may be dead: no flush of it is waited for long.
            using var limit = new CancellationTokenSource(Patience, time);
            await server.DetachAsync(instance, limit.Token);
        }
    }
}
