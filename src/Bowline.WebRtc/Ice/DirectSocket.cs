using System.Net;
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

    /// <summary>EIO (no checksums by the interface), EINVAL (unknown to the kernel, or wider than the interface), EMSGSIZE, ENOPROTOOPT, EOPNOTSUPP; others pass.</summary>
    private static readonly int[] Refusals = [5, 22, 90, 92, 95];

    private readonly byte[] _address;
    private int _descriptor;

    private DirectSocket(int descriptor, byte[] address) => (_descriptor, _address) = (descriptor, address);

    /// <summary>Null when the pair has to be left to libnice: the address needs an interface beside it, or there is no descriptor left.</summary>
    internal static DirectSocket? TryCreate(int socket, IPEndPoint remote)
    {
        if (!OperatingSystem.IsLinux() || remote.Address.IsIPv6LinkLocal)
        {
            return null;
        }

        var address = remote.Serialize();
        return LibcSockets.Duplicate(socket) is >= 0 and var descriptor ? new(descriptor, address.Buffer[..address.Size].ToArray()) : null;
    }

    /// <summary>False when this kernel, interface or address takes no such calls, which stays so: then they go one by one.</summary>
    internal bool IsUsable { get; private set; } = true;

    /// <summary>Sends one datagram, or several that lie behind one another, all of one size but the last, which may be shorter. False: none has left.</summary>
    internal bool TrySend(ReadOnlySpan<byte> datagrams, int size)
    {
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
                Control = datagrams.Length > size ? &control : null,
                ControlLength = datagrams.Length > size ? (nuint)sizeof(LibcSockets.Control) : 0,
            };
            if (LibcSockets.sendmsg(_descriptor, message, flags: 0) >= 0)
            {
                return true;
            }

            IsUsable = !Refusals.Contains(Marshal.GetLastPInvokeError());
            return false;
        }
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
