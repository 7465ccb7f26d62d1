namespace Bowline.Nats.Server;

/// <summary>TLS of the client port.</summary>
/// <param name="CertificateFile">The server's certificate chain, PEM.</param>
/// <param name="KeyFile">Its private key, PEM.</param>
public sealed record NatsServerTls(string CertificateFile, string KeyFile)
{
    /// <summary>The authorities of client certificates, PEM; null for none.</summary>
    public string? CertificateAuthorityFile { get; init; }

    /// <summary>True when clients must present a certificate.</summary>
    public bool VerifyClients { get; init; }
}
