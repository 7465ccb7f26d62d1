using System.Buffers.Text;
using System.Text;
using Bowline.Core.Cryptography;
using Bowline.Core.Text;

namespace Bowline.Nats;

/// <summary>Proof, in CONNECT, that we own the key the JWT was made for.</summary>
internal static class NonceSignature
{
    private const int EncodedSeedBytes = 36;

    public static string? Create(NatsAuthCred cred, string? nonce)
    {
        if (nonce is null || (cred.Seed is null && cred.Signer is null))
        {
            return null;
        }

        var bytes = Encoding.ASCII.GetBytes(nonce);
        if (cred.Signer is not null)
        {
            return Base64Url.EncodeToString(cred.Signer(bytes).Span);
        }

        // prefix (2 bytes) | seed (32) | checksum (2): the seed alone is needed here.
        Span<byte> raw = stackalloc byte[EncodedSeedBytes];
        if (!Base32.TryDecode(cred.Seed, raw))
        {
            throw new NatsException("The nkey seed is malformed.");
        }

        var signature = Ed25519.Sign(raw.Slice(2, Ed25519.KeySize), bytes);
        raw.Clear();
        return Base64Url.EncodeToString(signature);
    }
}
