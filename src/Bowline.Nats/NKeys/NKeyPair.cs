using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Bowline.Core.Cryptography;

namespace Bowline.Nats.NKeys;

/// <summary>An Ed25519 key with a NATS role, or its public half alone. Disposing wipes the seed.</summary>
public sealed class NKeyPair : IDisposable
{
    private readonly byte[] _publicKey;
    private readonly byte[]? _seed;
    private bool _disposed;

    private NKeyPair(NKeyType type, byte[]? seed, byte[] publicKey)
    {
        Type = type;
        _seed = seed;
        _publicKey = publicKey;
        PublicKey = NKeyText.EncodePublic(type, publicKey);
    }

    /// <summary>What the key is for.</summary>
    public NKeyType Type { get; }

    /// <summary>The public key's text form, 56 characters.</summary>
    public string PublicKey { get; }

    /// <summary>True when this pair holds the private half and can sign.</summary>
    public bool CanSign => _seed is not null && !_disposed;

    /// <summary>The seed's text form, 58 characters. A secret; every call makes a new string that cannot be wiped.</summary>
    /// <exception cref="InvalidOperationException">This pair holds the public half only.</exception>
    public string Seed => NKeyText.EncodeSeed(Type, PrivateSeed());

    /// <summary>A new key from the operating system's random generator.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="type"/> is no key type.</exception>
    public static NKeyPair Create(NKeyType type)
    {
        if (type == NKeyType.None || !Enum.IsDefined(type))
        {
            throw new ArgumentOutOfRangeException(nameof(type), type, "Not a kind of nkey.");
        }

        var seed = Ed25519.NewSeed();
        return new NKeyPair(type, seed, Ed25519.GetPublicKey(seed));
    }

    /// <summary>Reads a seed's text form (S...).</summary>
    /// <exception cref="FormatException">The text is not a seed, or its checksum is wrong. The text is not repeated in the message.</exception>
    public static NKeyPair FromSeed(ReadOnlySpan<char> seed)
    {
        var bytes = new byte[Ed25519.KeySize];
        return NKeyText.TryDecodeSeed(seed, bytes, out var type)
            ? new NKeyPair(type, bytes, Ed25519.GetPublicKey(bytes))
            : throw new FormatException("The text is not an nkey seed: 58 upper-case Base32 characters that start with S, with a valid checksum.");
    }

    /// <summary>Reads a seed and refuses one of another type.</summary>
    /// <exception cref="FormatException">The text is not a seed of that type.</exception>
    public static NKeyPair FromSeed(ReadOnlySpan<char> seed, NKeyType expected)
    {
        var pair = FromSeed(seed);
        if (pair.Type == expected)
        {
            return pair;
        }

        pair.Dispose();
        throw new FormatException($"The seed is of type {pair.Type}, not {expected}.");
    }

    /// <summary>Reads a public key's text form; the result can only verify.</summary>
    /// <exception cref="FormatException">The text is not a public nkey.</exception>
    public static NKeyPair FromPublicKey(ReadOnlySpan<char> publicKey) => TryFromPublicKey(publicKey, out var pair)
        ? pair
        : throw new FormatException("The text is not a public nkey: 56 upper-case Base32 characters with a valid checksum.");

    /// <summary>Reads a public key's text form; the result can only verify.</summary>
    public static bool TryFromPublicKey(ReadOnlySpan<char> publicKey, [NotNullWhen(true)] out NKeyPair? pair)
    {
        var bytes = new byte[Ed25519.KeySize];
        pair = NKeyText.TryDecodePublic(publicKey, bytes, out var type) ? new NKeyPair(type, null, bytes) : null;
        return pair is not null;
    }

    /// <summary>True when the text is a valid public key of this type.</summary>
    public static bool IsPublicKey(ReadOnlySpan<char> text, NKeyType type)
    {
        Span<byte> bytes = stackalloc byte[Ed25519.KeySize];
        return NKeyText.TryDecodePublic(text, bytes, out var actual) && actual == type;
    }

    /// <summary>Signs data: 64 bytes.</summary>
    /// <exception cref="InvalidOperationException">This pair holds the public half only.</exception>
    public byte[] Sign(ReadOnlySpan<byte> data) => Ed25519.Sign(PrivateSeed(), data);

    /// <summary>True when the signature over <paramref name="data"/> was made by this key.</summary>
    public bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature) => Ed25519.Verify(_publicKey, data, signature);

    /// <summary>Wipes the seed from memory. Verifying still works.</summary>
    public void Dispose()
    {
        _disposed = true;
        CryptographicOperations.ZeroMemory(_seed);
    }

    /// <summary>The public key; never the seed.</summary>
    public override string ToString() => PublicKey;

    private byte[] PrivateSeed()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _seed ?? throw new InvalidOperationException("This nkey is a public key; it has no seed and cannot sign.");
    }
}
