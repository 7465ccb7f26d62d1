using Bowline.Tunnel;

namespace Bowline.Hub.Links;

/// <summary>The hub's way into the nodes.</summary>
internal interface ITunnelGateway
{
    /// <summary>Sends one exchange; the caller has been checked.</summary>
    /// <exception cref="TunnelException">Why there is no response.</exception>
    public Task<HttpResponseMessage> SendAsync(TunnelTarget target, HttpRequestMessage request, CancellationToken cancellationToken);
}
