using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Bowline.Nostr;

/// <summary>A secp256k1 key pair that signs events. The secret is wiped on disposal; never written to a log or a text by itself.</summary>
public sealed class NostrKey : IDisposable
{
    /// <summary>Bytes of a secret key.</summary>
    public const int SecretSize = 32;

    private readonly byte[] _secret;
    private readonly byte[] _keyPair;
    private bool _disposed;

    private NostrKey(byte[] secret, byte[] keyPair, NostrPublicKey publicKey)
    {
        _secret = secret;
        _keyPair = keyPair;
        PublicKey = publicKey;
    }

    /// <summary>The public half.</summary>
    public NostrPublicKey PublicKey { get; }

    /// <summary>A new random key.</summary>
    public static NostrKey Create()
    {
        Span<byte> secret = stackalloc byte[SecretSize];
        while (true)
        {
            RandomNumberGenerator.Fill(secret);
            if (TryFromSecret(secret, out var key))
            {
                CryptographicOperations.ZeroMemory(secret);
                return key;
            }
        }
    }

    /// <summary>The key with this secret.</summary>
    /// <exception cref="ArgumentException">Not 32 bytes, zero, or not below the order of the curve.</exception>
    public static NostrKey FromSecret(ReadOnlySpan<byte> secret) => TryFromSecret(secret, out var key)
        ? key
        : throw new ArgumentException("A secret key is 32 bytes, a number between 1 and the order of secp256k1.", nameof(secret));

    /// <summary>The key with this secret, unless it is none.</summary>
    public static bool TryFromSecret(ReadOnlySpan<byte> secret, [NotNullWhen(true)] out NostrKey? key)
    {
        key = null;
        var keyPair = new byte[LibSecp256k1.KeyPairSize];
        if (secret.Length != SecretSize || LibSecp256k1.secp256k1_keypair_create(Schnorr.Context, keyPair, secret) != 1)
        {
            return false;
        }

        Span<byte> point = stackalloc byte[LibSecp256k1.PublicKeySize];
        Span<byte> publicKey = stackalloc byte[NostrPublicKey.Size];
        if (LibSecp256k1.secp256k1_keypair_xonly_pub(Schnorr.Context, point, 0, keyPair) != 1
            || LibSecp256k1.secp256k1_xonly_pubkey_serialize(Schnorr.Context, publicKey, point) != 1)
        {
            return false;
        }

        key = new(secret.ToArray(), keyPair, NostrPublicKey.FromBytes(publicKey));
        return true;
    }

    /// <summary>Makes and signs an event.</summary>
    /// <param name="kind">0 to 65535.</param>
    /// <param name="content">Text.</param>
    /// <param name="tags">Tags, or none.</param>
    /// <param name="createdAt">The time to write on it; unix seconds are kept of it.</param>
    public NostrEvent Sign(int kind, string content, IReadOnlyList<NostrTag>? tags, DateTimeOffset createdAt) =>
        Sign(kind, content, tags, createdAt.ToUnixTimeSeconds());

    /// <summary>Makes and signs an event.</summary>
    /// <param name="kind">0 to 65535.</param>
    /// <param name="content">Text.</param>
    /// <param name="tags">Tags, or none.</param>
    /// <param name="createdAt">Unix seconds.</param>
    public NostrEvent Sign(int kind, string content, IReadOnlyList<NostrTag>? tags, long createdAt)
    {
        _ = NostrKind.ClassOf(kind);
        tags ??= [];
        var id = EventHash.Compute(PublicKey, createdAt, kind, tags, content);
        return new()
        {
            Id = id,
            PublicKey = PublicKey,
            CreatedAt = createdAt,
            Kind = kind,
            Tags = tags,
            Content = content,
            Signature = SignId(id),
        };
    }

    /// <summary>Signs 32 bytes with fresh auxiliary randomness (BIP-340).</summary>
    internal NostrSignature SignId(EventId id)
    {
        Span<byte> auxiliary = stackalloc byte[32];
        RandomNumberGenerator.Fill(auxiliary);
        Span<byte> message = stackalloc byte[EventId.Size];
        id.CopyTo(message);
        Span<byte> signature = stackalloc byte[NostrSignature.Size];
        Sign(message, auxiliary, signature);
        return NostrSignature.FromBytes(signature);
    }

    /// <summary>Signs 32 bytes with given auxiliary bytes, as the test vectors of BIP-340 do.</summary>
    internal void Sign(ReadOnlySpan<byte> message, ReadOnlySpan<byte> auxiliary, Span<byte> signature)
    {
        // The library ends the process when it is given a wiped key.
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (LibSecp256k1.secp256k1_schnorrsig_sign32(Schnorr.Context, signature, message, _keyPair, auxiliary) != 1)
        {
            throw new CryptographicException("libsecp256k1 could not sign.");
        }
    }

    /// <summary>Copies the secret out, for storing it.</summary>
    /// <param name="destination">32 bytes; the caller wipes them.</param>
    /// <exception cref="ObjectDisposedException">The secret was wiped.</exception>
    public void CopySecret(Span<byte> destination)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _secret.CopyTo(destination);
    }

    /// <summary>Wipes the secret.</summary>
    public void Dispose()
    {
        _disposed = true;
        CryptographicOperations.ZeroMemory(_secret);
        CryptographicOperations.ZeroMemory(_keyPair);
    }
}
