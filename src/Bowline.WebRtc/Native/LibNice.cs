using System.Runtime.InteropServices;

namespace Bowline.WebRtc;

/// <summary>The functions we use of libnice (0.1.21 and later).</summary>
internal static unsafe partial class LibNice
{
    internal const int CompatibilityRfc5245 = 0;

    /// <summary>NICE_AGENT_OPTION_REGULAR_NOMINATION | NICE_AGENT_OPTION_ICE_TRICKLE. Consent stays off: it is ours (60-webrtc, "Rules").</summary>
    internal const int Options = 1 << 0 | 1 << 3;

    internal const uint Component = 1;

    internal const int RelayUdp = 0;
    internal const int RelayTcp = 1;

    [LibraryImport(NativeLibraries.Nice)]
    internal static partial nint nice_agent_new_full(nint context, int compatibility, int flags);

    [LibraryImport(NativeLibraries.Nice)]
    internal static partial uint nice_agent_add_stream(nint agent, uint components);

    [LibraryImport(NativeLibraries.Nice)]
    internal static partial void nice_agent_remove_stream(nint agent, uint stream);

    [LibraryImport(NativeLibraries.Nice)]
    internal static partial int nice_agent_add_local_address(nint agent, nint address);

    [LibraryImport(NativeLibraries.Nice)]
    internal static partial void nice_agent_set_port_range(nint agent, uint stream, uint component, uint lowest, uint highest);

    [LibraryImport(NativeLibraries.Nice, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int nice_agent_set_relay_info(
        nint agent, uint stream, uint component, string address, uint port, string user, string password, int type);

    [LibraryImport(NativeLibraries.Nice)]
    internal static partial int nice_agent_gather_candidates(nint agent, uint stream);

    [LibraryImport(NativeLibraries.Nice)]
    internal static partial int nice_agent_attach_recv(
        nint agent, uint stream, uint component, nint context, delegate* unmanaged[Cdecl]<nint, uint, uint, uint, byte*, nint, void> function, nint data);

    [LibraryImport(NativeLibraries.Nice)]
    internal static partial int nice_agent_send(nint agent, uint stream, uint component, uint length, ReadOnlySpan<byte> datagram);

    [LibraryImport(NativeLibraries.Nice)]
    internal static partial int nice_agent_get_local_credentials(nint agent, uint stream, out nint userFragment, out nint password);

    [LibraryImport(NativeLibraries.Nice, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int nice_agent_set_remote_credentials(nint agent, uint stream, string userFragment, string password);

    [LibraryImport(NativeLibraries.Nice)]
    internal static partial int nice_agent_set_remote_candidates(nint agent, uint stream, uint component, nint candidates);

    [LibraryImport(NativeLibraries.Nice, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint nice_agent_parse_remote_candidate_sdp(nint agent, uint stream, string line);

    [LibraryImport(NativeLibraries.Nice)]
    internal static partial nint nice_agent_generate_local_candidate_sdp(nint agent, nint candidate);

    [LibraryImport(NativeLibraries.Nice)]
    internal static partial int nice_agent_peer_candidate_gathering_done(nint agent, uint stream);

    [LibraryImport(NativeLibraries.Nice)]
    internal static partial uint nice_agent_get_component_state(nint agent, uint stream, uint component);

    /// <summary>Where the address of a NiceCandidate is in it, after its type and its transport.</summary>
    internal const int CandidateAddress = 2 * sizeof(int);

    [LibraryImport(NativeLibraries.Nice)]
    internal static partial int nice_agent_get_selected_pair(nint agent, uint stream, uint component, out nint local, out nint remote);

    /// <summary>None for a relay. The caller gives its reference back.</summary>
    [LibraryImport(NativeLibraries.Nice)]
    internal static partial nint nice_agent_get_selected_socket(nint agent, uint stream, uint component);

    [LibraryImport(NativeLibraries.Nice)]
    internal static partial nint nice_agent_get_sockets(nint agent, uint stream, uint component);

    [LibraryImport(NativeLibraries.Nice)]
    internal static partial void nice_agent_close_async(nint agent, delegate* unmanaged[Cdecl]<nint, nint, nint, void> done, nint data);

    [LibraryImport(NativeLibraries.Nice)]
    internal static partial nint nice_agent_get_local_candidates(nint agent, uint stream, uint component);

    [LibraryImport(NativeLibraries.Nice)]
    internal static partial void nice_candidate_free(nint candidate);

    [LibraryImport(NativeLibraries.Nice)]
    internal static partial nint nice_address_new();

    [LibraryImport(NativeLibraries.Nice)]
    internal static partial void nice_address_copy_to_sockaddr(nint address, byte* native);

    [LibraryImport(NativeLibraries.Nice)]
    internal static partial void nice_address_free(nint address);

    [LibraryImport(NativeLibraries.Nice, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int nice_address_set_from_string(nint address, string text);
}
