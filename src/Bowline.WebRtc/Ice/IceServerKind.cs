namespace Bowline.WebRtc;

/// <summary>What a server does for ICE, and over what it is reached.</summary>
public enum IceServerKind
{
    /// <summary>STUN over UDP: tells the address that others see (RFC 8489).</summary>
    Stun,

    /// <summary>TURN reached over UDP: relays (RFC 8656).</summary>
    TurnUdp,

    /// <summary>TURN reached over TCP: relays also from where UDP is blocked.</summary>
    TurnTcp,
}
