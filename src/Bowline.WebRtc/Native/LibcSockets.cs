using System.Runtime.InteropServices;

namespace Bowline.WebRtc;

/// <summary>What we do ourselves with a socket of libnice.</summary>
internal static unsafe partial class LibcSockets
{
    internal const int LevelUdp = 17; // SOL_UDP
    internal const int Segment = 103; // UDP_SEGMENT: linux/udp.h, since Linux 4.18; older ones skip it without a word

    private const int LevelSocket = 1; // SOL_SOCKET
    private const int SendBuffer = 7; // SO_SNDBUF
    private const int ReceiveBuffer = 8; // SO_RCVBUF
    private const int DuplicateCloseOnExec = 1030; // F_DUPFD_CLOEXEC

    internal static void SetBuffers(int socket, int bytes)
    {
        setsockopt(socket, LevelSocket, ReceiveBuffer, bytes, sizeof(int));
        setsockopt(socket, LevelSocket, SendBuffer, bytes, sizeof(int));
    }

    internal static bool KnowsSegments(int socket)
    {
        var length = sizeof(int);
        return getsockopt(socket, LevelUdp, Segment, out _, ref length) == 0;
    }

    /// <summary>Another descriptor of the same socket; negative when there is none left.</summary>
    internal static int Duplicate(int socket) => fcntl(socket, DuplicateCloseOnExec, 0);

    [LibraryImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    internal static partial nint sendmsg(int socket, in Message message, int flags);

    [LibraryImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    internal static partial int close(int descriptor);

    [LibraryImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int fcntl(int descriptor, int command, nint argument);

    [LibraryImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int getsockopt(int socket, int level, int name, out int value, ref int length);

    [LibraryImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int setsockopt(int socket, int level, int name, in int value, int length);

    /// <summary>struct msghdr.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Message
    {
        internal byte* Address;
        internal uint AddressLength;
        internal Part* Parts;
        internal nuint PartCount;
        internal Control* Control;
        internal nuint ControlLength;
        internal int Flags;
    }

    /// <summary>struct iovec.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Part
    {
        internal byte* Bytes;
        internal nuint Length;
    }

    /// <summary>struct cmsghdr with a number of 16 bits, padded as CMSG_SPACE does.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 24)]
    internal struct Control
    {
        internal nuint Length;
        internal int Level;
        internal int Type;
        internal ushort Number;

        /// <summary>CMSG_LEN of the number.</summary>
        internal const int UsedLength = 18;
    }
}
