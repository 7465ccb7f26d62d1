namespace Bowline.Tunnel;

/// <summary>What one <see cref="HttpRequestMessage"/> may ask of the tunnel, through its <see cref="HttpRequestMessage.Options"/>.</summary>
public static class TunnelRequestOptions
{
    /// <summary>How long the whole exchange may take; enforced by the node, which answers 504.</summary>
    public static readonly HttpRequestOptionsKey<TimeSpan> Deadline = new("bowline.tunnel.deadline");
}
