using System.Runtime.InteropServices;

namespace Bowline.WebRtc;

/// <summary>The functions we use of OpenSSL 3 for DTLS. Macros of its headers are calls of SSL_ctrl and SSL_CTX_ctrl.</summary>
internal static unsafe partial class LibSsl
{
    internal const int CtrlSetMtu = 17;
    internal const int CtrlSetReadAhead = 41;
    internal const int CtrlSetMaxSendFragment = 52;
    internal const int CtrlGetTimeout = 73;
    internal const int CtrlHandleTimeout = 74;
    internal const int CtrlSetMinVersion = 123;
    internal const int Dtls12 = 0xFEFD;

    /// <summary>SSL_OP_NO_QUERY_MTU | SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION.</summary>
    internal const ulong Options = 1UL << 12 | 1UL << 14 | 1UL << 30;

    /// <summary>SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT.</summary>
    internal const int VerifyPeer = 3;

    internal const int KeyTypeEc = 408;

    internal const int ErrorWantRead = 2;
    internal const int ErrorWantWrite = 3;
    internal const int ErrorZeroReturn = 6;

    internal const int BioTypeSourceSink = 0x0400;
    internal const int BioFlush = 11;
    internal const int BioQueryMtu = 40;
    internal const int BioMtuOverhead = 49;

    /// <summary>BIO_FLAGS_READ | BIO_FLAGS_SHOULD_RETRY.</summary>
    internal const int BioRetryRead = 0x01 | 0x08;

    internal const int BioRetryAll = 0x0F;

    [LibraryImport(NativeLibraries.Ssl)]
    internal static partial nint DTLS_method();

    [LibraryImport(NativeLibraries.Ssl)]
    internal static partial nint SSL_CTX_new(nint method);

    [LibraryImport(NativeLibraries.Ssl)]
    internal static partial void SSL_CTX_free(nint context);

    [LibraryImport(NativeLibraries.Ssl)]
    internal static partial nint SSL_CTX_ctrl(nint context, int command, nint number, nint pointer);

    [LibraryImport(NativeLibraries.Ssl)]
    internal static partial ulong SSL_CTX_set_options(nint context, ulong options);

    [LibraryImport(NativeLibraries.Ssl)]
    internal static partial void SSL_CTX_set_verify(nint context, int mode, delegate* unmanaged[Cdecl]<int, nint, int> verify);

    [LibraryImport(NativeLibraries.Ssl, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int SSL_CTX_set_cipher_list(nint context, string ciphers);

    [LibraryImport(NativeLibraries.Ssl, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int SSL_CTX_set_tlsext_use_srtp(nint context, string profiles);

    [LibraryImport(NativeLibraries.Ssl)]
    internal static partial int SSL_CTX_use_certificate_ASN1(nint context, int length, ReadOnlySpan<byte> certificate);

    [LibraryImport(NativeLibraries.Ssl)]
    internal static partial int SSL_CTX_use_PrivateKey_ASN1(int type, nint context, ReadOnlySpan<byte> key, nint length);

    [LibraryImport(NativeLibraries.Ssl)]
    internal static partial nint SSL_new(nint context);

    [LibraryImport(NativeLibraries.Ssl)]
    internal static partial void SSL_free(nint ssl);

    [LibraryImport(NativeLibraries.Ssl)]
    internal static partial void SSL_set_bio(nint ssl, nint read, nint write);

    [LibraryImport(NativeLibraries.Ssl)]
    internal static partial void SSL_set_connect_state(nint ssl);

    [LibraryImport(NativeLibraries.Ssl)]
    internal static partial void SSL_set_accept_state(nint ssl);

    [LibraryImport(NativeLibraries.Ssl)]
    internal static partial int SSL_do_handshake(nint ssl);

    [LibraryImport(NativeLibraries.Ssl)]
    internal static partial int SSL_read(nint ssl, Span<byte> buffer, int length);

    /// <summary>Whether something of the last datagram is left to read.</summary>
    [LibraryImport(NativeLibraries.Ssl)]
    [SuppressGCTransition]
    internal static partial int SSL_has_pending(nint ssl);

    [LibraryImport(NativeLibraries.Ssl)]
    internal static partial int SSL_write(nint ssl, byte* buffer, int length);

    [LibraryImport(NativeLibraries.Ssl)]
    internal static partial int SSL_shutdown(nint ssl);

    [LibraryImport(NativeLibraries.Ssl)]
    internal static partial int SSL_get_error(nint ssl, int result);

    [LibraryImport(NativeLibraries.Ssl)]
    internal static partial nint SSL_ctrl(nint ssl, int command, nint number, nint pointer);

    [LibraryImport(NativeLibraries.Ssl)]
    internal static partial nint SSL_get1_peer_certificate(nint ssl);

    [LibraryImport(NativeLibraries.Ssl)]
    internal static partial void DTLS_set_timer_cb(nint ssl, delegate* unmanaged[Cdecl]<nint, uint, uint> next);

    [LibraryImport(NativeLibraries.Crypto)]
    internal static partial int i2d_X509(nint certificate, nint* output);

    [LibraryImport(NativeLibraries.Crypto)]
    internal static partial void X509_free(nint certificate);

    [LibraryImport(NativeLibraries.Crypto)]
    internal static partial void ERR_clear_error();

    [LibraryImport(NativeLibraries.Crypto)]
    [SuppressGCTransition]
    internal static partial nuint ERR_peek_error();

    [LibraryImport(NativeLibraries.Crypto)]
    internal static partial nuint ERR_get_error();

    [LibraryImport(NativeLibraries.Crypto)]
    internal static partial nint ERR_reason_error_string(nuint error);

    [LibraryImport(NativeLibraries.Crypto)]
    internal static partial int BIO_get_new_index();

    [LibraryImport(NativeLibraries.Crypto, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint BIO_meth_new(int type, string name);

    [LibraryImport(NativeLibraries.Crypto)]
    internal static partial int BIO_meth_set_read(nint method, delegate* unmanaged[Cdecl]<nint, byte*, int, int> read);

    [LibraryImport(NativeLibraries.Crypto)]
    internal static partial int BIO_meth_set_write(nint method, delegate* unmanaged[Cdecl]<nint, byte*, int, int> write);

    [LibraryImport(NativeLibraries.Crypto)]
    internal static partial int BIO_meth_set_ctrl(nint method, delegate* unmanaged[Cdecl]<nint, int, nint, nint, nint> control);

    [LibraryImport(NativeLibraries.Crypto)]
    internal static partial nint BIO_new(nint method);

    [LibraryImport(NativeLibraries.Crypto)]
    internal static partial void BIO_set_init(nint bio, int isReady);

    [LibraryImport(NativeLibraries.Crypto)]
    internal static partial void BIO_set_data(nint bio, nint data);

    [LibraryImport(NativeLibraries.Crypto)]
    [SuppressGCTransition]
    internal static partial nint BIO_get_data(nint bio);

    [LibraryImport(NativeLibraries.Crypto)]
    [SuppressGCTransition]
    internal static partial void BIO_set_flags(nint bio, int flags);

    [LibraryImport(NativeLibraries.Crypto)]
    [SuppressGCTransition]
    internal static partial void BIO_clear_flags(nint bio, int flags);
}
