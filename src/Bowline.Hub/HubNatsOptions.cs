namespace Bowline.Hub;

/// <summary>An existing NATS cluster: two accounts, because nodes must have no way to JetStream.</summary>
public sealed class HubNatsOptions
{
    /// <summary>The servers as the hub reaches them, e.g. nats://10.0.0.5:4222.</summary>
    public required Uri Url { get; set; }

    /// <summary>Credentials file of a user in the hub's account (with JetStream).</summary>
    public required string HubCredsFile { get; set; }

    /// <summary>Credentials file of a user in the links' account (without JetStream).</summary>
    public required string LinkCredsFile { get; set; }

    /// <summary>File with the seed of a signing key of the links' account.</summary>
    public required string LinkSigningKeyFile { get; set; }

    /// <summary>Addresses nodes may use directly; empty means only the hub's own <c>/nats</c>.</summary>
    public IList<Uri> PublishedUrls { get; } = [];

    /// <summary>
    /// Credentials file of a user in the cluster's system account, mode 0600; null for none. With it and <see cref="OperatorSigningKeyFile"/>
    /// a revocation is effective at once also for nodes that connect directly.
    /// </summary>
    public string? SystemCredsFile { get; set; }

    /// <summary>File with the seed of a signing key of the cluster's operator, mode 0600; given together with <see cref="SystemCredsFile"/>.</summary>
    public string? OperatorSigningKeyFile { get; set; }

    internal void Validate()
    {
        HubOptions.Require(SystemCredsFile is null || OperatorSigningKeyFile is not null, "--nats-system-creds needs --nats-operator-signing-key: a changed account token must be signed.");
        HubOptions.Require(OperatorSigningKeyFile is null || SystemCredsFile is not null, "--nats-operator-signing-key needs --nats-system-creds: a signed account token must be pushed.");
        HubOptions.Require(Url.IsAbsoluteUri && Url.Scheme is "nats" or "tls", "--nats needs a nats:// or tls:// address.");
        HubOptions.Require(Url.Scheme == "nats" || PublishedUrls.Count > 0, "--nats with tls:// needs --nats-public-url: the hub's own /nats passes bytes on to plain nats:// addresses only.");
        foreach (var (name, file) in new[] { ("--nats-hub-creds", HubCredsFile), ("--nats-link-creds", LinkCredsFile), ("--nats-link-signing-key", LinkSigningKeyFile) })
        {
            HubOptions.Require(File.Exists(file), $"{name}: {file} does not exist.");
        }
    }
}
