using System.Runtime.InteropServices;

namespace Bowline.WebRtc;

/// <summary>The functions we use of libusrsctp (0.9.5).</summary>
internal static unsafe partial class LibUsrsctp
{
    [LibraryImport(NativeLibraries.Sctp)]
    internal static partial void usrsctp_init_nothreads(
        ushort port, delegate* unmanaged[Cdecl]<nint, byte*, nuint, byte, byte, int> output, nint debug);

    [LibraryImport(NativeLibraries.Sctp)]
    internal static partial void usrsctp_enable_crc32c_offload();

    [LibraryImport(NativeLibraries.Sctp)]
    internal static partial void usrsctp_handle_timers(uint elapsedMilliseconds);

    [LibraryImport(NativeLibraries.Sctp, SetLastError = true)]
    internal static partial nint usrsctp_socket(int domain, int type, int protocol, nint receive, nint send, uint threshold, nint data);

    [LibraryImport(NativeLibraries.Sctp)]
    internal static partial int usrsctp_set_upcall(nint socket, delegate* unmanaged[Cdecl]<nint, nint, int, void> upcall, nint data);

    [LibraryImport(NativeLibraries.Sctp)]
    internal static partial int usrsctp_set_non_blocking(nint socket, int isOn);

    [LibraryImport(NativeLibraries.Sctp, SetLastError = true)]
    internal static partial int usrsctp_setsockopt(nint socket, int level, int name, void* value, uint length);

    [LibraryImport(NativeLibraries.Sctp, SetLastError = true)]
    internal static partial int usrsctp_getsockopt(nint socket, int level, int name, void* value, ref uint length);

    [LibraryImport(NativeLibraries.Sctp, SetLastError = true)]
    internal static partial int usrsctp_bind(nint socket, in SctpAddress address, uint length);

    [LibraryImport(NativeLibraries.Sctp, SetLastError = true)]
    internal static partial int usrsctp_connect(nint socket, in SctpAddress address, uint length);

    [LibraryImport(NativeLibraries.Sctp, SetLastError = true)]
    internal static partial nint usrsctp_sendv(
        nint socket, ReadOnlySpan<byte> data, nuint length, nint to, int count, in SctpSendParameters parameters, uint parametersLength, uint kind, int flags);

    [LibraryImport(NativeLibraries.Sctp, SetLastError = true)]
    internal static partial nint usrsctp_recvv(
        nint socket, Span<byte> buffer, nuint length, out SctpAddress from, ref uint fromLength, out SctpReceiveInfo info, ref uint infoLength, out uint kind, ref int flags);

    [LibraryImport(NativeLibraries.Sctp)]
    internal static partial int usrsctp_get_events(nint socket);

    [LibraryImport(NativeLibraries.Sctp)]
    internal static partial void usrsctp_conninput(nint address, ReadOnlySpan<byte> packet, nuint length, byte ecn);

    [LibraryImport(NativeLibraries.Sctp)]
    internal static partial void usrsctp_register_address(nint address);

    [LibraryImport(NativeLibraries.Sctp)]
    internal static partial void usrsctp_deregister_address(nint address);

    [LibraryImport(NativeLibraries.Sctp)]
    internal static partial void usrsctp_close(nint socket);

    [LibraryImport(NativeLibraries.Sctp)]
    internal static partial int usrsctp_sysctl_set_sctp_ecn_enable(uint value);

    [LibraryImport(NativeLibraries.Sctp)]
    internal static partial int usrsctp_sysctl_set_sctp_asconf_enable(uint value);

    [LibraryImport(NativeLibraries.Sctp)]
    internal static partial int usrsctp_sysctl_set_sctp_auth_enable(uint value);

    [LibraryImport(NativeLibraries.Sctp)]
    internal static partial int usrsctp_sysctl_set_sctp_nrsack_enable(uint value);

    [LibraryImport(NativeLibraries.Sctp)]
    internal static partial int usrsctp_sysctl_set_sctp_max_chunks_on_queue(uint value);

    [LibraryImport(NativeLibraries.Sctp)]
    internal static partial int usrsctp_sysctl_set_sctp_initial_cwnd(uint value);

    [LibraryImport(NativeLibraries.Sctp)]
    internal static partial int usrsctp_sysctl_set_sctp_max_burst_default(uint value);

    [LibraryImport(NativeLibraries.Sctp)]
    internal static partial int usrsctp_sysctl_set_sctp_delayed_sack_time_default(uint value);

    [LibraryImport(NativeLibraries.Sctp)]
    internal static partial int usrsctp_sysctl_set_sctp_max_retran_chunk(uint value);

    [LibraryImport(NativeLibraries.Sctp)]
    internal static partial int usrsctp_sysctl_set_sctp_diag_info_code(uint value);
}
