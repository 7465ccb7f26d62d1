using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Bowline.Core.Cryptography;

namespace Bowline.Nostr;

/// <summary>
/// The secret two keys share, and the encryption of texts with it (NIP-44, version 2: ChaCha20, HMAC-SHA256, padded). Both sides get the same
/// one. Thread-safe until it is disposed, which wipes it. Nothing here says who wrote a text: the signature of the event around it does.
/// </summary>
public sealed class ConversationKey : IDisposable
{
    /// <summary>The longest text that can be encrypted, in bytes of UTF-8.</summary>
    public const int MaxTextBytes = Padding.MaxText;

    private const int KeySize = 32;
    private const int NonceSize = 32;
    private const int MacSize = 32;
    private const byte Version = 2;
    private const int MinPayload = 132;
    private const int MaxPayload = 87472;
    private const int MinData = 99;
    private const int MaxData = 65603;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly byte[] _key;
    private bool _disposed;

    private ConversationKey(byte[] key) => _key = key;

    /// <summary>The secret that a key of ours and somebody's public key share.</summary>
    /// <exception cref="ArgumentException">The public key is not on the curve.</exception>
    public static ConversationKey Between(NostrKey mine, NostrPublicKey theirs) => TryBetween(mine, theirs, out var key)
        ? key
        : throw new ArgumentException($"{theirs} is not a key: no point of secp256k1 has this x.", nameof(theirs));

    /// <summary>The secret that a key of ours and somebody's public key share, unless theirs is not on the curve.</summary>
    public static bool TryBetween(NostrKey mine, NostrPublicKey theirs, [NotNullWhen(true)] out ConversationKey? key)
    {
        ArgumentNullException.ThrowIfNull(mine);
        Span<byte> secret = stackalloc byte[NostrKey.SecretSize];
        Span<byte> shared = stackalloc byte[SharedPoint.Size];
        mine.CopySecret(secret);
        var ok = SharedPoint.TryCompute(secret, theirs, shared);
        CryptographicOperations.ZeroMemory(secret);
        key = null;
        if (ok)
        {
            var bytes = new byte[KeySize];
            _ = HKDF.Extract(HashAlgorithmName.SHA256, shared, "nip44-v2"u8, bytes);
            key = new(bytes);
        }

        CryptographicOperations.ZeroMemory(shared);
        return ok;
    }

    /// <summary>A key that is known already, as in test vectors.</summary>
    internal static ConversationKey FromBytes(ReadOnlySpan<byte> key) => new(key.ToArray());

    internal ReadOnlySpan<byte> Bytes => _key;

    /// <summary>Encrypts a text with fresh randomness.</summary>
    /// <param name="text">1 to 65,535 bytes of UTF-8.</param>
    /// <returns>Base64, for the content of an event.</returns>
    /// <exception cref="ArgumentException">Empty, too long, or half a character (a lone surrogate).</exception>
    public string Encrypt(string text)
    {
        Span<byte> nonce = stackalloc byte[NonceSize];
        RandomNumberGenerator.Fill(nonce);
        return Encrypt(text, nonce);
    }

    internal string Encrypt(string text, ReadOnlySpan<byte> nonce)
    {
        ArgumentNullException.ThrowIfNull(text);
        ObjectDisposedException.ThrowIf(_disposed, this);
        var length = Utf8.GetByteCount(text);
        if (length is < Padding.MinText or > Padding.MaxText)
        {
            throw new ArgumentException($"A text to encrypt has {Padding.MinText} to {Padding.MaxText} bytes, not {length}. Send what is longer in parts.", nameof(text));
        }

        // version, nonce, length, text, zeros, MAC
        var data = new byte[1 + NonceSize + Padding.PrefixSize + Padding.PaddedLength(length) + MacSize];
        data[0] = Version;
        nonce.CopyTo(data.AsSpan(1));
        var secret = data.AsSpan(1 + NonceSize, data.Length - 1 - NonceSize - MacSize);
        BinaryPrimitives.WriteUInt16BigEndian(secret, (ushort)length);
        _ = Utf8.GetBytes(text, secret[Padding.PrefixSize..]);
        Span<byte> derived = stackalloc byte[MessageKeys.Size];
        var keys = new MessageKeys(_key, nonce, derived);
        ChaCha20.Apply(keys.CipherKey, keys.CipherNonce, secret);
        _ = HMACSHA256.HashData(keys.MacKey, data.AsSpan(1, data.Length - 1 - MacSize), data.AsSpan(data.Length - MacSize));
        CryptographicOperations.ZeroMemory(derived);
        return Convert.ToBase64String(data);
    }

    /// <summary>Decrypts what the other side encrypted. Never throws for bad input.</summary>
    /// <param name="payload">Base64, the content of an event.</param>
    /// <param name="text">The text.</param>
    /// <param name="problem">What is wrong with it.</param>
    public bool TryDecrypt(string payload, [NotNullWhen(true)] out string? text, [NotNullWhen(false)] out string? problem)
    {
        ArgumentNullException.ThrowIfNull(payload);
        ObjectDisposedException.ThrowIf(_disposed, this);
        text = null;
        problem = TryDecode(payload, out var data) ?? Open(data);
        if (problem is null)
        {
            problem = Unpad(data.AsSpan(1 + NonceSize, data.Length - 1 - NonceSize - MacSize), out text);
        }

        CryptographicOperations.ZeroMemory(data);
        return problem is null;
    }

    private static string? TryDecode(string payload, out byte[] data)
    {
        data = [];
        if (payload.StartsWith('#'))
        {
            return "encrypted in a way this version does not know";
        }

        if (payload.Length is < MinPayload or > MaxPayload)
        {
            return $"an encrypted text has {MinPayload} to {MaxPayload} characters";
        }

        var buffer = new byte[payload.Length / 4 * 3];

        // The decoder passes over white space and ignores the bits after the last byte: one text has one payload here.
        if (!Convert.TryFromBase64String(payload, buffer, out var written) || (written + 2) / 3 * 4 != payload.Length || !EndsAs(payload, buffer.AsSpan(0, written)))
        {
            return "an encrypted text is base64";
        }

        data = buffer[..written];
        return written is < MinData or > MaxData ? $"an encrypted text has {MinData} to {MaxData} bytes"
            : data[0] != Version ? $"encrypted by version {data[0]}; only {Version} is known here"
            : null;
    }

    private static bool EndsAs(string payload, ReadOnlySpan<byte> data)
    {
        Span<char> end = stackalloc char[4];
        return Convert.TryToBase64Chars(data[((data.Length - 1) / 3 * 3)..], end, out _) && payload.AsSpan().EndsWith(end, StringComparison.Ordinal);
    }

    /// <summary>Checks the MAC, then decrypts in place.</summary>
    private string? Open(byte[] data)
    {
        Span<byte> derived = stackalloc byte[MessageKeys.Size];
        var keys = new MessageKeys(_key, data.AsSpan(1, NonceSize), derived);
        Span<byte> mac = stackalloc byte[MacSize];
        _ = HMACSHA256.HashData(keys.MacKey, data.AsSpan(1, data.Length - 1 - MacSize), mac);
        var right = CryptographicOperations.FixedTimeEquals(mac, data.AsSpan(data.Length - MacSize));
        if (right)
        {
            ChaCha20.Apply(keys.CipherKey, keys.CipherNonce, data.AsSpan(1 + NonceSize, data.Length - 1 - NonceSize - MacSize));
        }

        CryptographicOperations.ZeroMemory(derived);
        return right ? null : "it was encrypted for another key, or changed on the way";
    }

    private static string? Unpad(ReadOnlySpan<byte> padded, out string? text)
    {
        text = null;
        var length = BinaryPrimitives.ReadUInt16BigEndian(padded);
        if (length < Padding.MinText || padded.Length != Padding.PrefixSize + Padding.PaddedLength(length))
        {
            return "the padding is wrong";
        }

        try
        {
            text = Utf8.GetString(padded.Slice(Padding.PrefixSize, length));
            return null;
        }
        catch (DecoderFallbackException)
        {
            return "the text is not UTF-8";
        }
    }

    /// <summary>Wipes the secret.</summary>
    public void Dispose()
    {
        _disposed = true;
        CryptographicOperations.ZeroMemory(_key);
    }
}
