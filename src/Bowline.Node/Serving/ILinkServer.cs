using Bowline.Nats;

namespace Bowline.Node.Serving;

/// <summary>Serves the tunnel over connections: several at a time while a session is renewed.</summary>
internal interface ILinkServer
{
    /// <summary>Serves over one more connection; new exchanges come to the newest.</summary>
    public Task<ILinkAttachment> AttachAsync(NatsConnection connection, CancellationToken cancellationToken);
}
