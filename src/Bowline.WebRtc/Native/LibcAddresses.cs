using System.Net;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Bowline.WebRtc;

/// <summary>
/// The addresses of this machine by getifaddrs. .NET's own list reads a dozen files for each interface and leaves 70 KiB of garbage,
/// which was most of what opening a connection allocated.
/// </summary>
internal static unsafe partial class LibcAddresses
{
    private const uint Up = 0x1; // IFF_UP
    private const ushort FamilyIPv4 = 2; // AF_INET
    private const ushort FamilyIPv6 = 10; // AF_INET6
    private const int OffsetIPv4 = 4; // sin_addr
    private const int OffsetIPv6 = 8; // sin6_addr
    private const int OffsetScope = 24; // sin6_scope_id

    [SupportedOSPlatform("linux")]
    internal static List<(string Interface, IPAddress Address)> Read()
    {
        if (getifaddrs(out var first) != 0)
        {
            throw new WebRtcException(WebRtcError.NoLocalAddress, $"The system did not tell the addresses of this machine: {Marshal.GetLastPInvokeErrorMessage()}.");
        }

        var addresses = new List<(string, IPAddress)>();
        for (var entry = first; entry != null; entry = entry->Next)
        {
            if ((entry->Flags & Up) != 0 && entry->Address != null && ReadAddress(entry->Address) is { } address)
            {
                addresses.Add((Marshal.PtrToStringUTF8(entry->Name) ?? "", address));
            }
        }

        freeifaddrs(first);
        return addresses;
    }

    private static IPAddress? ReadAddress(byte* address) => *(ushort*)address switch
    {
        FamilyIPv4 => new(new ReadOnlySpan<byte>(address + OffsetIPv4, 4)),
        FamilyIPv6 => new(new ReadOnlySpan<byte>(address + OffsetIPv6, 16), *(uint*)(address + OffsetScope)),
        _ => null,
    };

    [LibraryImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int getifaddrs(out Entry* first);

    [LibraryImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial void freeifaddrs(Entry* first);

    /// <summary>struct ifaddrs.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Entry
    {
        internal Entry* Next;
        internal nint Name;
        internal uint Flags;
        internal byte* Address;
    }
}
