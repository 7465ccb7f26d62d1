namespace Bowline.WebRtc;

/// <summary>What ICE says of its checks (RFC 8445). A hint: a connection is not closed because of it.</summary>
public enum IceState
{
    /// <summary>Nothing has begun.</summary>
    New,

    /// <summary>Pairs of addresses are being checked.</summary>
    Checking,

    /// <summary>A pair of addresses carries datagrams.</summary>
    Connected,

    /// <summary>No pair of addresses works; a restart of ICE may find one.</summary>
    Failed,
}
