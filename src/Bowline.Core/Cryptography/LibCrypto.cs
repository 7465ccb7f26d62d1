using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Bowline.Core.Native;

namespace Bowline.Core.Cryptography;

/// <summary>The few functions we use of OpenSSL 3's libcrypto (ADR 0003 says why it and not a managed library).</summary>
internal static partial class LibCrypto
{
    internal const int Ed25519 = 1087; // NID_ED25519

    private const string Library = "bowline-libcrypto";

    private static readonly string[] Names = OperatingSystem.IsWindows()
        ? ["libcrypto-3-x64", "libcrypto-3-arm64", "libcrypto-3"]
        : OperatingSystem.IsMacOS()
            ? ["libcrypto.3.dylib", "/opt/homebrew/opt/openssl@3/lib/libcrypto.3.dylib", "/usr/local/opt/openssl@3/lib/libcrypto.3.dylib"]
            : ["libcrypto.so.3"];

    [LibraryImport(Library)]
    internal static partial nint EVP_PKEY_new_raw_private_key(int type, nint engine, ReadOnlySpan<byte> key, nuint length);

    [LibraryImport(Library)]
    internal static partial nint EVP_PKEY_new_raw_public_key(int type, nint engine, ReadOnlySpan<byte> key, nuint length);

    [LibraryImport(Library)]
    internal static partial int EVP_PKEY_get_raw_public_key(nint key, Span<byte> publicKey, ref nuint length);

    [LibraryImport(Library)]
    internal static partial void EVP_PKEY_free(nint key);

    [LibraryImport(Library)]
    internal static partial nint EVP_MD_CTX_new();

    [LibraryImport(Library)]
    internal static partial void EVP_MD_CTX_free(nint context);

    [LibraryImport(Library)]
    internal static partial int EVP_DigestSignInit(nint context, nint keyContext, nint digest, nint engine, nint key);

    [LibraryImport(Library)]
    internal static partial int EVP_DigestSign(nint context, Span<byte> signature, ref nuint length, ReadOnlySpan<byte> data, nuint dataLength);

    [LibraryImport(Library)]
    internal static partial int EVP_DigestVerifyInit(nint context, nint keyContext, nint digest, nint engine, nint key);

    [LibraryImport(Library)]
    internal static partial int EVP_DigestVerify(nint context, ReadOnlySpan<byte> signature, nuint length, ReadOnlySpan<byte> data, nuint dataLength);

    [LibraryImport(Library)]
    internal static partial nint EVP_CIPHER_CTX_new();

    [LibraryImport(Library)]
    internal static partial void EVP_CIPHER_CTX_free(nint context);

    [LibraryImport(Library)]
    internal static partial nint EVP_chacha20();

    [LibraryImport(Library)]
    internal static partial int EVP_EncryptInit_ex(nint context, nint cipher, nint engine, ReadOnlySpan<byte> key, ReadOnlySpan<byte> iv);

    [LibraryImport(Library)]
    internal static partial int EVP_EncryptUpdate(nint context, Span<byte> output, out int outputLength, ReadOnlySpan<byte> input, int inputLength);

#pragma warning disable CA2255 // The resolver has to be in place before the first import of this assembly runs.
    [ModuleInitializer]
    internal static void Register() => SystemLibrary.Register(
        typeof(LibCrypto).Assembly, Library, Names, "OpenSSL 3 (libcrypto) was not found. Install it (Debian: apt-get install libssl3; macOS: brew install openssl@3).");
#pragma warning restore CA2255
}
