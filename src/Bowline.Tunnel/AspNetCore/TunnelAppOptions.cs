namespace Bowline.Tunnel;

/// <summary>Under what name an app is served, and for whom.</summary>
public sealed class TunnelAppOptions
{
    /// <summary>The service name.</summary>
    /// <value><see cref="TunnelTarget.DefaultService"/>: reached by the bare name of the node.</value>
    public string Service { get; set; } = TunnelTarget.DefaultService;

    /// <summary>Who may use it.</summary>
    /// <value>The owner alone.</value>
    public ServiceAccess Access { get; set; } = ServiceAccess.Owner;
}
