using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Bowline.WebRtc;

/// <summary>struct sockaddr_conn, as it is on Linux: the address is a number of ours, so a callback that comes late finds nothing and is harmless.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct SctpAddress(ushort port, nint id)
{
    internal const ushort FamilyConn = 123;

    internal readonly ushort Family = FamilyConn;
    internal readonly ushort Port = BinaryPrimitives.ReverseEndianness(port);
    internal readonly nint Id = id;
}

/// <summary>struct sctp_sendv_spa: which stream, what kind of message, and for how long it is worth sending.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct SctpSendParameters
{
    internal const uint HasStream = 1;
    internal const uint HasReliability = 2;
    internal const ushort Unordered = 0x0400;
    internal const ushort ByLifetime = 1;
    internal const ushort ByRetransmits = 3;

    internal uint Valid;
    internal ushort Stream;
    internal ushort Flags;
    internal uint Ppid;
    internal uint Context;
    internal uint Association;
    internal ushort Policy;
    internal uint PolicyValue;
    internal ushort KeyNumber;
}

/// <summary>struct sctp_rcvinfo.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct SctpReceiveInfo
{
    internal ushort Stream;
    internal ushort StreamSequence;
    internal ushort Flags;
    internal uint Ppid;
    internal uint Tsn;
    internal uint CumulativeTsn;
    internal uint Context;
    internal uint Association;
}

/// <summary>struct sctp_event.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct SctpEvent
{
    internal uint Association;
    internal ushort Type;
    internal byte IsOn;
}

/// <summary>struct sctp_assoc_value.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct SctpAssociationValue
{
    internal uint Association;
    internal uint Value;
}

/// <summary>struct sctp_initmsg.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct SctpInitMessage
{
    internal ushort OutgoingStreams;
    internal ushort IncomingStreams;
    internal ushort Attempts;
    internal ushort LongestTimeout;
}

/// <summary>struct sctp_rtoinfo, in milliseconds.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct SctpTimeouts
{
    internal uint Association;
    internal uint Initial;
    internal uint Longest;
    internal uint Shortest;
}

/// <summary>struct sctp_assocparams.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct SctpAssociationParameters
{
    internal uint Association;
    internal uint PeerWindow;
    internal uint LocalWindow;
    internal uint CookieLife;
    internal ushort MostRetransmits;
    internal ushort Destinations;
}

/// <summary>struct sctp_paddrparams; the address, of 128 bytes, stays empty: all paths of the association.</summary>
[StructLayout(LayoutKind.Explicit, Size = 152)]
internal struct SctpPathParameters
{
    internal const uint HeartbeatOff = 0x02;
    internal const uint FixedMtu = 0x10;

    [FieldOffset(128)]
    internal uint Association;

    [FieldOffset(132)]
    internal uint HeartbeatInterval;

    [FieldOffset(136)]
    internal uint Mtu;

    [FieldOffset(140)]
    internal uint Flags;

    [FieldOffset(144)]
    internal uint FlowLabel;

    [FieldOffset(148)]
    internal ushort MostRetransmits;

    [FieldOffset(150)]
    internal byte Dscp;
}

/// <summary>struct sctp_reset_streams for one stream.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct SctpResetStream
{
    internal const ushort Outgoing = 2;

    internal uint Association;
    internal ushort Flags;
    internal ushort Count;
    internal ushort Stream;
}

/// <summary>struct sctp_status.</summary>
[StructLayout(LayoutKind.Explicit, Size = 176)]
internal struct SctpStatus
{
    [FieldOffset(4)]
    internal int State;

    [FieldOffset(8)]
    internal uint PeerWindow;

    [FieldOffset(12)]
    internal ushort UnacknowledgedChunks;

    [FieldOffset(14)]
    internal ushort PendingChunks;

    // sstat_primary starts at 24: the address of 128 bytes, the association, the state, then these.
    [FieldOffset(24 + 128 + 8)]
    internal uint CongestionWindow;

    [FieldOffset(24 + 128 + 12)]
    internal uint SmoothedRoundTrip;

    [FieldOffset(24 + 128 + 16)]
    internal uint RetransmissionTimeout;
}
