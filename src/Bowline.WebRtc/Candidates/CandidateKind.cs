namespace Bowline.WebRtc;

/// <summary>How an address was found (RFC 8445, section 5.1.1).</summary>
public enum CandidateKind
{
    /// <summary>An address of an interface.</summary>
    Host,

    /// <summary>The address a STUN server saw.</summary>
    ServerReflexive,

    /// <summary>The address the other side saw.</summary>
    PeerReflexive,

    /// <summary>An address at a TURN server.</summary>
    Relayed,
}
