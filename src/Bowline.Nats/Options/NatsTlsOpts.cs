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

    /// <summary>The name the certificate must be for. Default: the host of the address.</summary>
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

        if (CaCerts is not null)
        {
            var policy = ChainPolicy()!;
            options.RemoteCertificateValidationCallback = (_, certificate, _, errors) =>
            {
                if (certificate is null || (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != SslPolicyErrors.None)
                {
                    return false;
                }

                using var chain = new X509Chain { ChainPolicy = policy.Clone() };
                return chain.Build(new X509Certificate2(certificate));
            };
        }
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
