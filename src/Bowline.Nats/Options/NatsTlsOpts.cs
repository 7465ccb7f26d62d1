using System.Net.Security;
using System.Net.WebSockets;
using System.Security.Cryptography.X509Certificates;

namespace Bowline.Nats;

/// <summary>How TLS is done. A certificate that does not match is always refused; there is no switch to skip that.</summary>
public sealed record NatsTlsOpts
{
    /// <summary>The default: as the address and the server ask, trusting what the machine trusts.</summary>
    public static readonly NatsTlsOpts Default = new();

    /// <summary>When TLS is used. Default <see cref="NatsTlsMode.Auto"/>.</summary>
    public NatsTlsMode Mode { get; init; } = NatsTlsMode.Auto;

    /// <summary>Trust these roots instead of the machine's.</summary>
    public X509Certificate2Collection? CaCerts { get; init; }

    /// <summary>Certificates this client shows.</summary>
    public X509Certificate2Collection? ClientCerts { get; init; }

    /// <summary>The name the certificate must be for. Default: the host of the address, which a WebSocket asks the server for in any case.</summary>
    public string? TargetHost { get; init; }

    internal SslClientAuthenticationOptions ToClientOptions(string host) => new()
    {
        TargetHost = TargetHost ?? host,
        ClientCertificates = ClientCerts,
        CertificateChainPolicy = ChainPolicy(),
    };

    internal void ApplyTo(ClientWebSocketOptions options)
    {
        if (ClientCerts is not null)
        {
            options.ClientCertificates = ClientCerts;
        }

        if (CaCerts is not null || TargetHost is not null)
        {
            options.RemoteCertificateValidationCallback = (_, certificate, chain, errors) => IsAcceptable(certificate, chain, errors);
        }
    }

    /// <summary>What TLS does by itself, but for the roots and the name that were given.</summary>
    private bool IsAcceptable(X509Certificate? presented, X509Chain? sent, SslPolicyErrors errors)
    {
        if (presented is null || errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable))
        {
            return false;
        }

        using var certificate = new X509Certificate2(presented);
        var isNamed = TargetHost is null ? !errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch) : certificate.MatchesHostname(TargetHost);
        return isNamed && (CaCerts is null ? !errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors) : LeadsToRoot(certificate, sent));
    }

    private bool LeadsToRoot(X509Certificate2 certificate, X509Chain? sent)
    {
        using var chain = new X509Chain { ChainPolicy = ChainPolicy()! };
        if (sent is not null)
        {
            chain.ChainPolicy.ExtraStore.AddRange(sent.ChainPolicy.ExtraStore); // The authorities in between, which the server sent.
        }

        return chain.Build(certificate);
    }

    private X509ChainPolicy? ChainPolicy()
    {
        if (CaCerts is null)
        {
            return null;
        }

        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(CaCerts);
        return policy;
    }
}
