using System.Security.Cryptography;
using Bowline.Core.Cryptography;

namespace Bowline.Nostr;

/// <summary>What NIP-44 derives for one message of a conversation. Wiped after use.</summary>
internal readonly ref struct MessageKeys
{
    public const int Size = ChaCha20.KeySize + ChaCha20.NonceSize + MacKeySize;

    private const int MacKeySize = 32;

    private readonly Span<byte> _bytes;

    /// <summary>Derives the keys of a nonce into the given 76 bytes.</summary>
    public MessageKeys(ReadOnlySpan<byte> conversationKey, ReadOnlySpan<byte> nonce, Span<byte> bytes)
    {
        HKDF.Expand(HashAlgorithmName.SHA256, conversationKey, bytes, nonce);
        _bytes = bytes;
    }

    public ReadOnlySpan<byte> CipherKey => _bytes[..ChaCha20.KeySize];

    public ReadOnlySpan<byte> CipherNonce => _bytes.Slice(ChaCha20.KeySize, ChaCha20.NonceSize);

    public ReadOnlySpan<byte> MacKey => _bytes[(ChaCha20.KeySize + ChaCha20.NonceSize)..];
}
