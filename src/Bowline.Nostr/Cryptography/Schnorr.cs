using System.Security.Cryptography;

namespace Bowline.Nostr;

/// <summary>BIP-340 signatures through libsecp256k1. Thread-safe: the context is made once, randomised, and never changed again.</summary>
internal static class Schnorr
{
    internal static nint Context { get; } = CreateContext();

    /// <summary>True when the signature of these 32 bytes is that key's; false also for a key that is not on the curve.</summary>
    public static bool Verify(NostrPublicKey key, EventId message, NostrSignature signature)
    {
        Span<byte> bytes = stackalloc byte[NostrPublicKey.Size];
        Span<byte> signed = stackalloc byte[NostrSignature.Size];
        key.CopyTo(bytes);
        signature.CopyTo(signed);
        Span<byte> id = stackalloc byte[EventId.Size];
        message.CopyTo(id);
        return Verify(bytes, id, signed);
    }

    public static bool Verify(ReadOnlySpan<byte> key, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        Span<byte> parsed = stackalloc byte[LibSecp256k1.PublicKeySize];
        return LibSecp256k1.secp256k1_xonly_pubkey_parse(Context, parsed, key) == 1
            && LibSecp256k1.secp256k1_schnorrsig_verify(Context, signature, message, (nuint)message.Length, parsed) == 1;
    }

    private static nint CreateContext()
    {
        var context = LibSecp256k1.secp256k1_context_create(LibSecp256k1.ContextNone);
        Span<byte> seed = stackalloc byte[32];
        RandomNumberGenerator.Fill(seed);
        var randomised = LibSecp256k1.secp256k1_context_randomize(context, seed);
        CryptographicOperations.ZeroMemory(seed);
        return randomised == 1 ? context : throw new CryptographicException("libsecp256k1 refused to randomise its context.");
    }
}
