namespace Bowline.WebRtc;

/// <summary>Why something about a peer connection or a data channel failed.</summary>
public enum WebRtcError
{
    /// <summary>A session description or candidate cannot be read, or says something impossible.</summary>
    MalformedDescription,

    /// <summary>The call does not fit the state of the negotiation (RFC 9429, section 3.2), such as an answer without an offer.</summary>
    WrongState,

    /// <summary>The other side offers nothing that a data channel can be made of.</summary>
    NothingInCommon,

    /// <summary>No address of this machine passes the candidate filter.</summary>
    NoLocalAddress,

    /// <summary>The certificate of the other side is not the one its description names.</summary>
    FingerprintMismatch,

    /// <summary>The DTLS handshake failed or ran out of attempts.</summary>
    HandshakeFailed,

    /// <summary>This side gave the SCTP association up: nothing was acknowledged for as long as <see cref="SctpOptions.MostRetransmits"/> allows, or the other side broke a rule that leaves no other way.</summary>
    GivenUp,

    /// <summary>The other side ended the connection.</summary>
    ClosedByPeer,

    /// <summary>This side closed the connection or the channel.</summary>
    Closed,

    /// <summary>The message is longer than the other side takes.</summary>
    MessageTooLong,

    /// <summary>A stated limit of this side is reached: channels, streams or candidates.</summary>
    LimitReached,

    /// <summary>A native library failed in a way that has no other name here.</summary>
    NativeFailure,
}
