using System.Security.Cryptography;

namespace Bowline.Core.Cryptography;

/// <summary>Ed25519 signatures (RFC 8032), computed by OpenSSL.</summary>
public static class Ed25519
{
    /// <summary>Bytes in a private seed, and in a public key.</summary>
    public const int KeySize = 32;

    /// <summary>Bytes in a signature.</summary>
    public const int SignatureSize = 64;

    /// <summary>Derives the public key of a seed.</summary>
    /// <exception cref="ArgumentException">The seed is not 32 bytes long.</exception>
    public static byte[] GetPublicKey(ReadOnlySpan<byte> seed)
    {
        using var key = Ed25519KeyHandle.FromSeed(seed);
        return key.PublicKey();
    }

    /// <summary>Signs <paramref name="data"/>; deterministic, 64 bytes.</summary>
    /// <exception cref="ArgumentException">The seed is not 32 bytes long.</exception>
    public static byte[] Sign(ReadOnlySpan<byte> seed, ReadOnlySpan<byte> data)
    {
        using var key = Ed25519KeyHandle.FromSeed(seed);
        return key.Sign(data);
    }

    /// <summary>Verifies a signature. Wrong lengths and keys that are no point on the curve are simply false.</summary>
    public static bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        if (publicKey.Length != KeySize || signature.Length != SignatureSize)
        {
            return false;
        }

        using var key = Ed25519KeyHandle.FromPublicKey(publicKey);
        return key is not null && key.Verify(data, signature);
    }

    /// <summary>A new random seed from the operating system's generator.</summary>
    public static byte[] NewSeed() => RandomNumberGenerator.GetBytes(KeySize);
}
