using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Bowline.Nats.Tests.Support;

/// <summary>Throw-away certificates: a root, an authority below it, and what that signs.</summary>
internal sealed class TestAuthority : IDisposable
{
    private static readonly TimeSpan Life = TimeSpan.FromHours(2);

    public TestAuthority()
    {
        var request = Request("CN=test root", isAuthority: true);
        Root = request.CreateSelfSigned(Begin, Begin + Life);
        Intermediate = Sign("CN=test authority", Root, isAuthority: true);
    }

    public X509Certificate2 Root { get; }

    public X509Certificate2 Intermediate { get; }

    private static DateTimeOffset Begin { get; } = DateTimeOffset.UtcNow.AddHours(-1);

    /// <summary>A server's certificate for these names or addresses, with its key.</summary>
    public static X509Certificate2 Server(X509Certificate2 issuer, params string[] names) => Sign("CN=server", issuer, isAuthority: false, names);

    /// <summary>A client's certificate, with its key.</summary>
    public X509Certificate2 Client() => Sign("CN=client", Root, isAuthority: false);

    public void Dispose()
    {
        Root.Dispose();
        Intermediate.Dispose();
    }

    private static X509Certificate2 Sign(string name, X509Certificate2 issuer, bool isAuthority, params string[] names)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        Add(request, isAuthority, names);
        using var certificate = request.Create(issuer, Begin, Begin + Life - TimeSpan.FromMinutes(1), RandomNumberGenerator.GetBytes(16));
        return certificate.CopyWithPrivateKey(key);
    }

    private static CertificateRequest Request(string name, bool isAuthority)
    {
        var request = new CertificateRequest(name, RSA.Create(2048), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        Add(request, isAuthority, []);
        return request;
    }

    private static void Add(CertificateRequest request, bool isAuthority, string[] names)
    {
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isAuthority, false, 0, true));
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
        {
            if (IPAddress.TryParse(name, out var address))
            {
                alternatives.AddIpAddress(address);
            }
            else
            {
                alternatives.AddDnsName(name);
            }
        }

        if (names.Length > 0)
        {
            request.CertificateExtensions.Add(alternatives.Build());
        }
    }
}
