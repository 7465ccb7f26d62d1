using Bowline.Core.Identity;

namespace Bowline.Tunnel;

/// <summary>Where a request goes and on whose behalf.</summary>
/// <param name="Device">The node.</param>
/// <param name="Service">A service the node maps, or <see cref="NodeService"/>.</param>
/// <param name="Caller">Who asks.</param>
public sealed record TunnelTarget(DeviceId Device, string Service, TunnelCaller Caller)
{
    /// <summary>The service of an address that names only the node.</summary>
    public const string DefaultService = "default";

    /// <summary>The node's own control endpoints, for the hub's principal only.</summary>
    public const string NodeService = "$node";
}
