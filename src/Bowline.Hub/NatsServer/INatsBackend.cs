using Bowline.Nats.Jwt;
using Bowline.Nats.NKeys;

namespace Bowline.Hub.NatsServer;

/// <summary>The NATS that carries the links: the embedded server, or an operator's own cluster.</summary>
internal interface INatsBackend
{
    /// <summary>Where the hub reaches NATS now; null while there is none.</summary>
    public Uri? Url { get; }

    /// <summary>The links' account (A...), issuer account of the nodes' users.</summary>
    public string LinkAccount { get; }

    /// <summary>Signs the nodes' users.</summary>
    public NKeyPair LinkSigningKey { get; }

    /// <summary>Addresses nodes may use besides the hub's own <c>/nats</c>.</summary>
    public IReadOnlyList<Uri> PublishedUrls { get; }

    /// <summary>True when a revocation reaches the server at once, also on connections that do not pass the bridge.</summary>
    public bool RevokesAtOnce { get; }

    /// <summary>The hub's own user in the links' account.</summary>
    public NatsCreds LinkCreds();

    /// <summary>The hub's own user in the hub's account (JetStream).</summary>
    public NatsCreds HubCreds();

    /// <summary>Makes the server refuse the users revoked by now.</summary>
    public Task PushRevocationsAsync(CancellationToken cancellationToken);
}
