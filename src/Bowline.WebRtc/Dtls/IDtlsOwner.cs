namespace Bowline.WebRtc;

/// <summary>Who has a DTLS association.</summary>
internal interface IDtlsOwner
{
    /// <summary>Sends a datagram, or loses it; the association's lock is held.</summary>
    void SendDatagram(ReadOnlySpan<byte> datagram);

    /// <summary>The handshake is done and the certificate is the right one.</summary>
    void HandshakeDone();

    /// <summary>A decrypted packet; no lock is held.</summary>
    void TakePacket(ReadOnlySpan<byte> packet);

    /// <summary>A datagram held nothing: no record of this association, one that was changed on its way, or one that came before.</summary>
    void RefuseDatagram();

    /// <summary>The association is over: refused, failed, or ended by the other side.</summary>
    void DtlsEnded(WebRtcException reason);
}
