using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Bowline.WebRtc;

/// <summary>SSL_CTX: what all DTLS associations with one certificate share.</summary>
internal sealed unsafe class DtlsContext : SafeHandle
{
    /// <summary>Forward-secret and authenticated only; the ones browsers and libdatachannel offer for DTLS 1.2 (RFC 8827, section 6.5).</summary>
    private const string Ciphers =
        "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-AES256-GCM-SHA384";

    internal DtlsContext(ReadOnlySpan<byte> certificate, ReadOnlySpan<byte> key)
        : base(0, ownsHandle: true)
    {
        SetHandle(LibSsl.SSL_CTX_new(LibSsl.DTLS_method()));
        LibSsl.SSL_CTX_ctrl(handle, LibSsl.CtrlSetMinVersion, LibSsl.Dtls12, 0);
        LibSsl.SSL_CTX_ctrl(handle, LibSsl.CtrlSetReadAhead, 1, 0);
        LibSsl.SSL_CTX_ctrl(handle, LibSsl.CtrlSetMaxSendFragment, DtlsTransport.Mtu, 0); // A record is one datagram: a buffer for 16 KiB would lie idle in every connection.
        LibSsl.SSL_CTX_set_options(handle, LibSsl.Options);
        LibSsl.SSL_CTX_set_verify(handle, LibSsl.VerifyPeer, &AcceptForNow);
        var isReady = LibSsl.SSL_CTX_set_cipher_list(handle, Ciphers) == 1
            && LibSsl.SSL_CTX_set_tlsext_use_srtp(handle, "SRTP_AES128_CM_SHA1_80") == 0 // Some peers refuse a handshake without it, even for data alone.
            && LibSsl.SSL_CTX_use_certificate_ASN1(handle, certificate.Length, certificate) == 1
            && LibSsl.SSL_CTX_use_PrivateKey_ASN1(LibSsl.KeyTypeEc, handle, key, key.Length) == 1;
        if (!isReady)
        {
            throw new WebRtcException(WebRtcError.NativeFailure, "OpenSSL refused the settings or the certificate: " + DtlsErrors.Take());
        }
    }

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        LibSsl.SSL_CTX_free(handle);
        return true;
    }

    /// <summary>The certificates are self-signed; what counts is the fingerprint, compared when the handshake is done.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int AcceptForNow(int isValid, nint store) => 1;
}
