namespace Bowline.WebRtc;

/// <summary>Who begins the DTLS handshake (RFC 4145, section 4; RFC 8842).</summary>
internal enum SdpSetup
{
    /// <summary>Either; the answer decides.</summary>
    ActPass,

    /// <summary>This side: it is the client.</summary>
    Active,

    /// <summary>The other side.</summary>
    Passive,
}
