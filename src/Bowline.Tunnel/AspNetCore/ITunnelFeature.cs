namespace Bowline.Tunnel;

/// <summary>What an app served through a tunnel can ask about its request: <c>context.Features.Get&lt;ITunnelFeature&gt;()</c>.</summary>
public interface ITunnelFeature
{
    /// <summary>Who asks, as the carrier authenticated them.</summary>
    public TunnelCaller Caller { get; }

    /// <summary>The service name the request came in by.</summary>
    public string Service { get; }
}
