using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Bowline.WebRtc;

/// <summary>The certificate that a side shows in DTLS: ECDSA over P-256, self-signed; its fingerprint travels in the description (RFC 8122).</summary>
public sealed class DtlsCertificate : IDisposable
{
    private readonly Lock _gate = new();
    private readonly byte[] _certificate;
    private readonly byte[] _key;
    private DtlsContext? _context;

    private DtlsCertificate(byte[] certificate, byte[] key)
    {
        (_certificate, _key) = (certificate, key);
        Fingerprint = SHA256.HashData(certificate);
    }

    /// <summary>SHA-256 of the certificate, 32 bytes.</summary>
    public ReadOnlyMemory<byte> Fingerprint { get; }

    /// <summary>Makes a new one, valid from a day ago for ten years; peers compare fingerprints, not dates.</summary>
    /// <param name="time">The clock.</param>
    /// <returns>The certificate.</returns>
    public static DtlsCertificate Create(TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=webrtc", key, HashAlgorithmName.SHA256);
        var now = time.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddYears(10));
        return new(certificate.RawData, key.ExportECPrivateKey());
    }

    /// <summary>Uses a certificate that exists, so that the fingerprint stays the same from one start to the next.</summary>
    /// <param name="certificate">With its ECDSA key on P-256.</param>
    /// <returns>The certificate.</returns>
    /// <exception cref="ArgumentException">It has no such key.</exception>
    public static DtlsCertificate From(X509Certificate2 certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        using var key = certificate.GetECDsaPrivateKey();
        return key is { KeySize: 256 }
            ? new(certificate.RawData, key.ExportECPrivateKey())
            : throw new ArgumentException("A certificate for DTLS needs its own ECDSA key on P-256.", nameof(certificate));
    }

    /// <summary>Forgets the key; connections that use it go on.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            CryptographicOperations.ZeroMemory(_key);
            _context?.Dispose();
        }
    }

    internal DtlsContext GetContext()
    {
        lock (_gate)
        {
            return _context ??= new(_certificate, _key);
        }
    }
}
