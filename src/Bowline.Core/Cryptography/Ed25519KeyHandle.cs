using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Bowline.Core.Cryptography;

/// <summary>Owns one OpenSSL <c>EVP_PKEY</c>.</summary>
internal sealed class Ed25519KeyHandle : SafeHandle
{
    private Ed25519KeyHandle(nint key)
        : base(0, ownsHandle: true) => SetHandle(key);

    public override bool IsInvalid => handle == 0;

    public static Ed25519KeyHandle FromSeed(ReadOnlySpan<byte> seed)
    {
        if (seed.Length != Ed25519.KeySize)
        {
            throw new ArgumentException($"An Ed25519 seed has {Ed25519.KeySize} bytes, not {seed.Length}.", nameof(seed));
        }

        var key = LibCrypto.EVP_PKEY_new_raw_private_key(LibCrypto.Ed25519, 0, seed, (nuint)seed.Length);
        return key == 0 ? throw new CryptographicException("OpenSSL refused the Ed25519 seed.") : new Ed25519KeyHandle(key);
    }

    public static Ed25519KeyHandle? FromPublicKey(ReadOnlySpan<byte> publicKey)
    {
        var key = LibCrypto.EVP_PKEY_new_raw_public_key(LibCrypto.Ed25519, 0, publicKey, (nuint)publicKey.Length);
        return key == 0 ? null : new Ed25519KeyHandle(key);
    }

    public byte[] PublicKey()
    {
        var bytes = new byte[Ed25519.KeySize];
        nuint length = Ed25519.KeySize;
        return LibCrypto.EVP_PKEY_get_raw_public_key(handle, bytes, ref length) == 1
            ? bytes
            : throw new CryptographicException("OpenSSL could not derive the Ed25519 public key.");
    }

    public byte[] Sign(ReadOnlySpan<byte> data)
    {
        var context = LibCrypto.EVP_MD_CTX_new();
        try
        {
            var signature = new byte[Ed25519.SignatureSize];
            nuint length = Ed25519.SignatureSize;
            return LibCrypto.EVP_DigestSignInit(context, 0, 0, 0, handle) == 1
                && LibCrypto.EVP_DigestSign(context, signature, ref length, data, (nuint)data.Length) == 1
                ? signature
                : throw new CryptographicException("OpenSSL could not sign.");
        }
        finally
        {
            LibCrypto.EVP_MD_CTX_free(context);
        }
    }

    public bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        var context = LibCrypto.EVP_MD_CTX_new();
        try
        {
            return LibCrypto.EVP_DigestVerifyInit(context, 0, 0, 0, handle) == 1
                && LibCrypto.EVP_DigestVerify(context, signature, (nuint)signature.Length, data, (nuint)data.Length) == 1;
        }
        finally
        {
            LibCrypto.EVP_MD_CTX_free(context);
        }
    }

    protected override bool ReleaseHandle()
    {
        LibCrypto.EVP_PKEY_free(handle);
        return true;
    }
}
