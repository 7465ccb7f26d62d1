using Bowline.Bench.Load.Running;

namespace Bowline.Bench.Load.Scenarios;

/// <summary>The ways to reach the target app that are compared.</summary>
internal sealed class HttpSides(Lab lab)
{
    public IReadOnlyList<HttpSideSource> All =>
    [
        new(Sides.Direct, DirectAsync),
        new(Sides.Ssh, SshAsync),
        new(Sides.Tunnel, TunnelAsync),
        new(Sides.TunnelWebSocket, TunnelWebSocketAsync),
    ];

    private async Task<HttpSide> DirectAsync(CancellationToken cancellationToken)
    {
        var target = await lab.Http.GetAsync(cancellationToken);
        return new HttpSide(Sides.Direct, new HttpLink(HttpLink.Sockets(), target.Url), target.Process, []);
    }

    private async Task<HttpSide> TunnelAsync(CancellationToken cancellationToken)
    {
        var nats = await lab.Nats.GetAsync(cancellationToken);
        var node = await lab.TunnelNode.GetAsync(cancellationToken);
        return new HttpSide(Sides.Tunnel, await TunnelSide.LinkAsync(nats.Url, node.Url, cancellationToken), node.Process, [nats.Process]);
    }

    /// <summary>As nodes come in through a hub's port: the node's leg is a WebSocket, bridged to nats-server.</summary>
    private async Task<HttpSide> TunnelWebSocketAsync(CancellationToken cancellationToken)
    {
        var nats = await lab.Nats.GetAsync(cancellationToken);
        var bridge = await lab.Bridge.GetAsync(cancellationToken);
        var node = await lab.WebSocketNode.GetAsync(cancellationToken);
        var link = await TunnelSide.LinkAsync(nats.Url, node.Url, cancellationToken);
        return new HttpSide(Sides.TunnelWebSocket, link, node.Process, [nats.Process, bridge.Process]);
    }

    private async Task<HttpSide> SshAsync(CancellationToken cancellationToken)
    {
        var target = await lab.Http.GetAsync(cancellationToken);
        var ssh = await lab.Ssh.GetAsync(cancellationToken);
        return new HttpSide(Sides.Ssh, new HttpLink(HttpLink.Sockets(), ssh.Url), target.Process, ssh.Processes);
    }
}
