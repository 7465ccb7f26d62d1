using System.Runtime.InteropServices;

namespace Bowline.WebRtc;

/// <summary>
/// The socket of a pair without a relay, by which we send past libnice: that one sends datagrams one by one, here several leave with one call,
/// which the kernel cuts at a given size (UDP_SEGMENT) as late as it can, so most of its work is done once. Used under the lock of its owner.
/// </summary>
internal sealed unsafe class DirectSocket : IDisposable
{
    /// <summary>As many datagrams as every kernel with UDP_SEGMENT takes in one call.</summary>
    internal const int MostDatagrams = 48;

    /// <summary>How many runs go one by one after a refusal. It is not for ever: a path that had become too narrow may be wide again.</summary>
    internal const int Pause = 1000;

    private const int Again = 11; // EAGAIN
    private const int NoBuffers = 105; // ENOBUFS
    private const ushort FamilyIPv4 = 2; // AF_INET

    private readonly byte[] _address;
    private int _descriptor;
    private int _pause;

    private DirectSocket(int descriptor, byte[] address) => (_descriptor, _address) = (descriptor, address);

    /// <summary>Null when the pair has to be left to libnice: another system or an old kernel, which would send a run as one datagram, or there is no descriptor left.</summary>
    /// <param name="socket">The socket, of which a descriptor of its own is made.</param>
    /// <param name="remote">A NiceAddress.</param>
    internal static DirectSocket? TryCreate(int socket, nint remote)
    {
        if (!LibcSockets.KnowsSegments(socket))
        {
            return null;
        }

        Span<byte> address = stackalloc byte[28]; // struct sockaddr_in6
        fixed (byte* bytes = address)
        {
            LibNice.nice_address_copy_to_sockaddr(remote, bytes);
        }

        return TryCreate(socket, MemoryMarshal.Read<ushort>(address) == FamilyIPv4 ? address[..16] : address);
    }

    /// <param name="socket">The socket, of which a descriptor of its own is made.</param>
    /// <param name="address">A sockaddr_in or sockaddr_in6.</param>
    internal static DirectSocket? TryCreate(int socket, ReadOnlySpan<byte> address) =>
        OperatingSystem.IsLinux() && LibcSockets.Duplicate(socket) is >= 0 and var descriptor ? new(descriptor, address.ToArray()) : null;

    /// <summary>Sends one datagram, or several that lie behind one another, all of one size but the last, which may be shorter.</summary>
    internal DirectResult Send(ReadOnlySpan<byte> datagrams, int size)
    {
        var isRun = datagrams.Length > size;
        if (isRun && _pause > 0)
        {
            _pause--;
            return DirectResult.Refused;
        }

        fixed (byte* bytes = datagrams, address = _address)
        {
            var part = new LibcSockets.Part { Bytes = bytes, Length = (nuint)datagrams.Length };
            var control = new LibcSockets.Control
            {
                Length = LibcSockets.Control.UsedLength,
                Level = LibcSockets.LevelUdp,
                Type = LibcSockets.Segment,
                Number = (ushort)size,
            };
            var message = new LibcSockets.Message
            {
                Address = address,
                AddressLength = (uint)_address.Length,
                Parts = &part,
                PartCount = 1,
                Control = isRun ? &control : null,
                ControlLength = isRun ? (nuint)sizeof(LibcSockets.Control) : 0,
            };
            if (LibcSockets.sendmsg(_descriptor, message, flags: 0) >= 0)
            {
                return DirectResult.Sent;
            }
        }

        if (Marshal.GetLastPInvokeError() is Again or NoBuffers)
        {
            return DirectResult.Dropped;
        }

        // An interface without checksums, or a path that is too narrow.
        _pause = isRun ? Pause : _pause;
        return DirectResult.Refused;
    }

    public void Dispose()
    {
        if (_descriptor >= 0)
        {
            LibcSockets.close(_descriptor);
            _descriptor = -1;
        }
    }
}
