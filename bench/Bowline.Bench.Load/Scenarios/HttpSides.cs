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
        return new HttpSide(Sides.Direct, HttpSide.Sockets(), target.Url, target.Process, []);
    }

    private async Task<HttpSide> TunnelAsync(CancellationToken cancellationToken)
    {
        var nats = await lab.Nats.GetAsync(cancellationToken);
        var node = await lab.TunnelNode.GetAsync(cancellationToken);
        return await TunnelSide.OpenAsync(Sides.Tunnel, nats, node, [nats.Process], cancellationToken);
    }

    /// <summary>As nodes come in through a hub's port: the node's leg is a WebSocket, bridged to nats-server.</summary>
    private async Task<HttpSide> TunnelWebSocketAsync(CancellationToken cancellationToken)
    {
        var nats = await lab.Nats.GetAsync(cancellationToken);
        var bridge = await lab.Bridge.GetAsync(cancellationToken);
        var node = await lab.WebSocketNode.GetAsync(cancellationToken);
        return await TunnelSide.OpenAsync(Sides.TunnelWebSocket, nats, node, [nats.Process, bridge.Process], cancellationToken);
    }

    private async Task<HttpSide> SshAsync(CancellationToken cancellationToken)
    {
        var target = await lab.Http.GetAsync(cancellationToken);
        var ssh = await lab.Ssh.GetAsync(cancellationToken);
        return new HttpSide(Sides.Ssh, HttpSide.Sockets(), ssh.Url, target.Process, ssh.Processes);
    }
}
