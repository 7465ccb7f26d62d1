using Bowline.Core.Identity;
using Bowline.Tunnel;

namespace TunnelCall;

/// <summary>Every name is this device; a hub's resolver would ask which node has the name.</summary>
internal sealed class OneNode(DeviceId device) : ITunnelNodeResolver
{
    public ValueTask<TunnelTarget?> ResolveAsync(string node, string service, CancellationToken cancellationToken) =>
        new(new TunnelTarget(device, service, TunnelCaller.Account("me")));
}
