using System.Buffers.Text;
using System.Text;
using Bowline.Nats.NKeys;

namespace Bowline.Nats;

/// <summary>Proof, in CONNECT, that we own the key the JWT was made for.</summary>
internal static class NonceSignature
{
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

        using var key = NKeyPair.FromSeed(cred.Seed, NKeyType.User);
        return Base64Url.EncodeToString(key.Sign(bytes));
    }
}
