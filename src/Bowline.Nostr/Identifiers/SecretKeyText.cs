using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Bowline.Nostr;

/// <summary>Secret keys as people keep them: <c>nsec1...</c> (NIP-19). For files and prompts; never for arguments, logs or messages.</summary>
public static class SecretKeyText
{
    /// <summary>The text that gives the key away.</summary>
    public static string Write(NostrKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        Span<byte> secret = stackalloc byte[NostrKey.SecretSize];
        key.CopySecret(secret);
        var text = Bech32.Encode(IdentifierFields.SecretKey, secret);
        CryptographicOperations.ZeroMemory(secret);
        return text;
    }

    /// <summary>Reads an nsec, or 64 lower-case hex digits.</summary>
    /// <param name="text">The text.</param>
    /// <param name="key">The key; the caller disposes of it.</param>
    /// <param name="problem">What is wrong, as a sentence that does not repeat the text.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out NostrKey? key, [NotNullWhen(false)] out string? problem)
    {
        ArgumentNullException.ThrowIfNull(text);
        key = null;
        var secret = new byte[NostrKey.SecretSize];
        if (!Hex.TryDecode(text, secret))
        {
            if (text.Length > 100 || Bech32.Decode(text, out var name, out secret) is not null || secret.Length != NostrKey.SecretSize)
            {
                problem = "A secret key is 'nsec1' and 58 more characters, or 64 lower-case hex digits. This is neither, or a character is mistyped.";
                return false;
            }

            if (name != IdentifierFields.SecretKey)
            {
                problem = name == IdentifierFields.PublicKey ? "This is a public key (npub). The secret one begins with nsec1." : "A secret key begins with nsec1.";
                return false;
            }
        }

        var ok = NostrKey.TryFromSecret(secret, out key);
        CryptographicOperations.ZeroMemory(secret);
        problem = ok ? null : "This number is no secret key of secp256k1.";
        return ok;
    }
}
