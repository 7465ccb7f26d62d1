using System.Security.Cryptography;

namespace Bowline.Core.Cryptography;

/// <summary>The ChaCha20 stream cipher by itself (RFC 8439, section 2.4), computed by OpenSSL. It authenticates nothing: whoever uses it adds a MAC.</summary>
public static class ChaCha20
{
    /// <summary>Bytes of a key.</summary>
    public const int KeySize = 32;

    /// <summary>Bytes of a nonce; never used twice with one key.</summary>
    public const int NonceSize = 12;

    /// <summary>Encrypts or decrypts in place, which is the same; the block counter begins at 0.</summary>
    /// <param name="key">32 bytes.</param>
    /// <param name="nonce">12 bytes.</param>
    /// <param name="data">Any number of bytes; replaced.</param>
    /// <exception cref="ArgumentException">A key or nonce of another length.</exception>
    public static void Apply(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, Span<byte> data)
    {
        if (key.Length != KeySize)
        {
            throw new ArgumentException($"A ChaCha20 key has {KeySize} bytes, not {key.Length}.", nameof(key));
        }

        if (nonce.Length != NonceSize)
        {
            throw new ArgumentException($"A ChaCha20 nonce has {NonceSize} bytes, not {nonce.Length}.", nameof(nonce));
        }

        // OpenSSL's vector is the block counter, little-endian in four bytes, and then the nonce.
        Span<byte> vector = stackalloc byte[sizeof(uint) + NonceSize];
        vector.Clear();
        nonce.CopyTo(vector[sizeof(uint)..]);
        var context = LibCrypto.EVP_CIPHER_CTX_new();
        try
        {
            if (LibCrypto.EVP_EncryptInit_ex(context, LibCrypto.EVP_chacha20(), 0, key, vector) != 1
                || LibCrypto.EVP_EncryptUpdate(context, data, out var written, data, data.Length) != 1
                || written != data.Length)
            {
                throw new CryptographicException("OpenSSL could not apply ChaCha20.");
            }
        }
        finally
        {
            LibCrypto.EVP_CIPHER_CTX_free(context);
        }
    }
}
