namespace Bowline.WebRtc;

/// <summary>Where a connection is in its life.</summary>
public enum PeerConnectionState
{
    /// <summary>Nothing has been negotiated.</summary>
    New,

    /// <summary>Descriptions are exchanged, or being exchanged; no data travels yet.</summary>
    Connecting,

    /// <summary>Data channels work. It stays so however long the other side is silent: liveness is judged by the owner.</summary>
    Connected,

    /// <summary>It cannot come up, or was lost for good; <see cref="PeerConnectionStatus.Failure"/> says why.</summary>
    Failed,

    /// <summary>This side, or the other, has closed it.</summary>
    Closed,
}
