using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Bowline.Core.Native;

namespace Bowline.Nostr;

/// <summary>The few functions we use of libsecp256k1 (0.2 and later, with the extrakeys, schnorrsig and ecdh modules).</summary>
internal static partial class LibSecp256k1
{
    /// <summary>The context for everything, since 0.2 (SECP256K1_CONTEXT_NONE).</summary>
    internal const uint ContextNone = 1;

    /// <summary>Bytes of the opaque key types of the C interface.</summary>
    internal const int KeyPairSize = 96;

    internal const int PublicKeySize = 64;

    private const string Library = "bowline-secp256k1";

    private static readonly string[] Names = OperatingSystem.IsWindows()
        ? ["libsecp256k1-2", "libsecp256k1-1", "libsecp256k1", "secp256k1"]
        : OperatingSystem.IsMacOS()
            ? ["libsecp256k1.dylib", "/opt/homebrew/lib/libsecp256k1.dylib", "/usr/local/lib/libsecp256k1.dylib"]
            : ["libsecp256k1.so.1", "libsecp256k1.so.2", "libsecp256k1.so.5", "libsecp256k1.so"];

    [LibraryImport(Library)]
    internal static partial nint secp256k1_context_create(uint flags);

    [LibraryImport(Library)]
    internal static partial int secp256k1_context_randomize(nint context, ReadOnlySpan<byte> seed32);

    [LibraryImport(Library)]
    internal static partial int secp256k1_keypair_create(nint context, Span<byte> keyPair, ReadOnlySpan<byte> secret32);

    [LibraryImport(Library)]
    internal static partial int secp256k1_keypair_xonly_pub(nint context, Span<byte> publicKey, nint parity, ReadOnlySpan<byte> keyPair);

    [LibraryImport(Library)]
    internal static partial int secp256k1_xonly_pubkey_parse(nint context, Span<byte> publicKey, ReadOnlySpan<byte> input32);

    [LibraryImport(Library)]
    internal static partial int secp256k1_xonly_pubkey_serialize(nint context, Span<byte> output32, ReadOnlySpan<byte> publicKey);

    [LibraryImport(Library)]
    internal static partial int secp256k1_schnorrsig_sign32(
        nint context, Span<byte> signature64, ReadOnlySpan<byte> message32, ReadOnlySpan<byte> keyPair, ReadOnlySpan<byte> auxiliary32);

    [LibraryImport(Library)]
    internal static partial int secp256k1_schnorrsig_verify(
        nint context, ReadOnlySpan<byte> signature64, ReadOnlySpan<byte> message, nuint messageLength, ReadOnlySpan<byte> publicKey);

    [LibraryImport(Library)]
    internal static partial int secp256k1_ec_pubkey_parse(nint context, Span<byte> publicKey, ReadOnlySpan<byte> input, nuint length);

    [LibraryImport(Library)]
    internal static unsafe partial int secp256k1_ecdh(
        nint context, Span<byte> output, ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> secret32, delegate* unmanaged[Cdecl]<byte*, byte*, byte*, void*, int> hash, nint data);

#pragma warning disable CA2255 // The resolver has to be in place before the first import of this assembly runs.
    [ModuleInitializer]
    internal static void Register() => SystemLibrary.Register(
        typeof(LibSecp256k1).Assembly, Library, Names, "libsecp256k1 was not found. Install it (Debian: apt-get install libsecp256k1-1; macOS: brew install secp256k1).");
#pragma warning restore CA2255
}
