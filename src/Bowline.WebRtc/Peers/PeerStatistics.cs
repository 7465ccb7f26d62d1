namespace Bowline.WebRtc;

/// <summary>What a connection has measured and counted since it began.</summary>
public sealed record PeerStatistics
{
    /// <summary>The addresses that carry it; null before ICE is done, and on a path that is not ICE.</summary>
    public CandidatePair? Pair { get; init; }

    /// <summary>The smoothed round trip of SCTP, in whole milliseconds; null before the first.</summary>
    public TimeSpan? RoundTrip { get; init; }

    /// <summary>After how long what is not acknowledged is sent again.</summary>
    public TimeSpan? RetransmissionTimeout { get; init; }

    /// <summary>Bytes that may be on their way at once.</summary>
    public long CongestionWindow { get; init; }

    /// <summary>SCTP packets sent.</summary>
    public long PacketsSent { get; init; }

    /// <summary>Bytes of them.</summary>
    public long BytesSent { get; init; }

    /// <summary>Chunks of data sent again.</summary>
    public long Retransmits { get; init; }

    /// <summary>Packets held back because the owner suspects the peer.</summary>
    public long PacketsSuppressed { get; init; }

    /// <summary>Datagrams received.</summary>
    public long DatagramsReceived { get; init; }

    /// <summary>Bytes of them.</summary>
    public long BytesReceived { get; init; }

    /// <summary>Datagrams that were no DTLS, came when none was expected, held no record of this association or one that had come before, or an SCTP packet with a wrong checksum.</summary>
    public long DatagramsRefused { get; init; }

    /// <summary>Messages received.</summary>
    public long MessagesReceived { get; init; }

    /// <summary>Bytes of them.</summary>
    public long MessageBytesReceived { get; init; }

    /// <summary>Messages, announcements of channels and control messages that broke a rule or were for no channel.</summary>
    public long MessagesRefused { get; init; }

    /// <summary>Addresses of either side that could not be used.</summary>
    public long CandidatesDropped { get; init; }

    /// <summary>How long ago the last packet came that proved to be the other side's; null when none did.</summary>
    public TimeSpan? SinceReceived { get; init; }
}
