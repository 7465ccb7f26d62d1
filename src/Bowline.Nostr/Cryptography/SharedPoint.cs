using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Bowline.Nostr;

/// <summary>
/// Diffie-Hellman on secp256k1: the x coordinate of secret times point, not hashed, as NIP-44 wants it. Done by the library's ECDH, which
/// is constant-time (its plain point multiplication is not), with a hash function that hashes nothing.
/// </summary>
internal static class SharedPoint
{
    public const int Size = 32;

    /// <summary>False when the key is not on the curve or the secret is no secret.</summary>
    public static unsafe bool TryCompute(ReadOnlySpan<byte> secret, NostrPublicKey publicKey, Span<byte> x)
    {
        // Of the two points with this x either will do: they give the same x. 2 says the one with even y (BIP-340).
        Span<byte> compressed = stackalloc byte[1 + NostrPublicKey.Size];
        compressed[0] = 2;
        publicKey.CopyTo(compressed[1..]);
        Span<byte> point = stackalloc byte[LibSecp256k1.PublicKeySize];
        return LibSecp256k1.secp256k1_ec_pubkey_parse(Schnorr.Context, point, compressed, (nuint)compressed.Length) == 1
            && LibSecp256k1.secp256k1_ecdh(Schnorr.Context, x, point, secret, &TakeX, 0) == 1;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static unsafe int TakeX(byte* output, byte* x, byte* y, void* data)
    {
        new ReadOnlySpan<byte>(x, Size).CopyTo(new(output, Size));
        return 1;
    }
}
