using System.Buffers.Binary;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Bowline.Node.Control;

/// <summary>Who is at the other end of a unix socket, as the kernel says.</summary>
internal static partial class PeerCredentials
{
    // SOL_SOCKET and SO_PEERCRED of Linux; struct ucred is { pid, uid, gid }, 4 bytes each.
    private const int SolSocket = 1;
    private const int SoPeerCred = 17;

    /// <summary>
    /// True when the peer runs as this process's user, or as root. Elsewhere than on Linux the socket's mode (0600) in a
    /// folder of mode 0700 has to do.
    /// </summary>
    public static bool IsOwner(Socket socket)
    {
        if (!OperatingSystem.IsLinux())
        {
            return true;
        }

        Span<byte> credentials = stackalloc byte[12];
        return socket.GetRawSocketOption(SolSocket, SoPeerCred, credentials) == credentials.Length
            && BinaryPrimitives.ReadUInt32LittleEndian(credentials[4..]) is var user
            && (user == 0 || user == GetUserId());
    }

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint GetUserId();
}
