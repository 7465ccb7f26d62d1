using System.Runtime.InteropServices;

namespace Bowline.WebRtc;

/// <summary>Reads the notifications of usrsctp (RFC 6458, section 6.1; RFC 6525, section 6.1). Its fields have the byte order of the machine.</summary>
internal readonly ref struct SctpNotification
{
    internal const ushort AssociationChange = 1;
    internal const ushort StreamReset = 9;

    private readonly ReadOnlySpan<byte> _bytes;

    private SctpNotification(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    internal ushort Type => Read16(0);

    internal ushort Flags => Read16(2);

    /// <summary>sac_state.</summary>
    internal SctpAssociationState State => (SctpAssociationState)Read16(8);

    /// <summary>sac_error: the cause of an abort (RFC 9260, section 3.3.10), or 0.</summary>
    internal ushort Error => Read16(10);

    /// <summary>sac_outbound_streams.</summary>
    internal ushort OutgoingStreams => Read16(12);

    /// <summary>sac_inbound_streams.</summary>
    internal ushort IncomingStreams => Read16(14);

    /// <summary>strreset_stream_list: the streams; none means all.</summary>
    internal ReadOnlySpan<ushort> Streams => _bytes.Length < 12 ? default : MemoryMarshal.Cast<byte, ushort>(_bytes[12..]);

    internal bool IsIncomingReset => (Flags & 0x0001) != 0;

    internal bool IsOutgoingReset => (Flags & 0x0002) != 0;

    internal bool IsResetRefused => (Flags & 0x000C) != 0;

    internal static bool TryRead(ReadOnlySpan<byte> bytes, out SctpNotification notification)
    {
        notification = new(bytes);
        return bytes.Length >= 8 && (notification.Type != AssociationChange || bytes.Length >= 20);
    }

    private ushort Read16(int offset) => MemoryMarshal.Read<ushort>(_bytes[offset..]);
}
