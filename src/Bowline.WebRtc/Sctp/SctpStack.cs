using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Bowline.WebRtc;

/// <summary>usrsctp of this process: it is started once, never stopped, and calls back with the number of an association.</summary>
internal static unsafe class SctpStack
{
    /// <summary>An acknowledgement waits for more packets at most so long, well below the shortest retransmission timeout of the other side; RFC 9260 allows 500 ms.</summary>
    private static readonly TimeSpan DelayedAcknowledgement = TimeSpan.FromMilliseconds(20);

    private static readonly ConcurrentDictionary<nint, SctpAssociation> Associations = new();

    internal static void Start()
    {
        // Not usrsctp_init: that one also starts threads that read raw sockets when the process may.
        LibUsrsctp.usrsctp_init_nothreads(port: 0, &Output, debug: 0);
        LibUsrsctp.usrsctp_enable_crc32c_offload(); // See SctpChecksum.
        LibUsrsctp.usrsctp_sysctl_set_sctp_ecn_enable(0);
        LibUsrsctp.usrsctp_sysctl_set_sctp_asconf_enable(0);
        LibUsrsctp.usrsctp_sysctl_set_sctp_auth_enable(0);
        LibUsrsctp.usrsctp_sysctl_set_sctp_nrsack_enable(0);
        LibUsrsctp.usrsctp_sysctl_set_sctp_max_chunks_on_queue(10 * 1024); // 1 MiB of small messages are more chunks than its 512.
        LibUsrsctp.usrsctp_sysctl_set_sctp_initial_cwnd(10); // As TCP has since RFC 6928.
        LibUsrsctp.usrsctp_sysctl_set_sctp_max_burst_default(10);
        LibUsrsctp.usrsctp_sysctl_set_sctp_delayed_sack_time_default((uint)DelayedAcknowledgement.TotalMilliseconds);
        LibUsrsctp.usrsctp_sysctl_set_sctp_max_retran_chunk(0); // Else an association dies of the 30th repetition of one chunk, whatever its own limit says.
        LibUsrsctp.usrsctp_sysctl_set_sctp_diag_info_code(40_000); // Or aborts go out without a reason.
    }

    internal static void Add(SctpAssociation association)
    {
        Associations[association.Id] = association;
        LibUsrsctp.usrsctp_register_address(association.Id);
    }

    internal static void Remove(SctpAssociation association)
    {
        LibUsrsctp.usrsctp_deregister_address(association.Id);
        Associations.TryRemove(association.Id, out _);
    }

    /// <summary>Data came, or there is room to send. Called inside usrsctp's locks, so it only notes it.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    internal static void Woken(nint socket, nint id, int flags)
    {
        if (Associations.TryGetValue(id, out var association))
        {
            association.Flag();
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Output(nint id, byte* packet, nuint length, byte service, byte dontFragment)
    {
        if (Associations.TryGetValue(id, out var association))
        {
            association.Output(new Span<byte>(packet, (int)length));
        }

        return 0;
    }
}
