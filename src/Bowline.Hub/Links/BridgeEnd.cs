namespace Bowline.Hub.Links;

/// <summary>Why a bridged link ended.</summary>
internal enum BridgeEnd
{
    /// <summary>The node closed its socket, or its process died.</summary>
    NodeClosed,

    /// <summary>The node stopped answering the socket's keepalive.</summary>
    NodeSilent,

    /// <summary>NATS closed the connection (expired or revoked credentials, slow reader, server stopped).</summary>
    NatsClosed,

    /// <summary>The device was revoked.</summary>
    Revoked,

    /// <summary>A newer connection of the same device took its place.</summary>
    Superseded,

    /// <summary>The hub stops.</summary>
    HubStopping,
}
