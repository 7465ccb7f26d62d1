using System.Security.Cryptography;

namespace Bowline.WebRtc;

/// <summary>What the other side's description says its certificate hashes to (RFC 8122, section 5).</summary>
internal sealed class PeerFingerprints(IReadOnlyList<SdpFingerprint> fingerprints)
{
    /// <summary>True when there is one with a hash that is still good; SHA-1 and MD5 are not.</summary>
    internal bool HasUsable => fingerprints.Any(static fingerprint => Hash(fingerprint.Algorithm, []) is not null);

    internal unsafe bool Matches(nint ssl)
    {
        var native = LibSsl.SSL_get1_peer_certificate(ssl);
        if (native == 0)
        {
            return false;
        }

        var length = LibSsl.i2d_X509(native, null);
        var certificate = new byte[Math.Max(length, 0)];
        fixed (byte* bytes = certificate)
        {
            var output = (nint)bytes;
            length = LibSsl.i2d_X509(native, &output);
        }

        LibSsl.X509_free(native);
        return length == certificate.Length && Matches(certificate);
    }

    internal bool Matches(ReadOnlySpan<byte> certificate)
    {
        foreach (var fingerprint in fingerprints)
        {
            if (Hash(fingerprint.Algorithm, certificate) is { } hash && CryptographicOperations.FixedTimeEquals(hash, fingerprint.Value))
            {
                return true;
            }
        }

        return false;
    }

    private static byte[]? Hash(string algorithm, ReadOnlySpan<byte> certificate) => algorithm.ToUpperInvariant() switch
    {
        "SHA-256" => SHA256.HashData(certificate),
        "SHA-384" => SHA384.HashData(certificate),
        "SHA-512" => SHA512.HashData(certificate),
        _ => null,
    };
}
