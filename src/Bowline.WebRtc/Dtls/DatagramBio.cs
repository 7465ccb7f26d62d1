using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Bowline.WebRtc;

/// <summary>A BIO that keeps datagram boundaries, which OpenSSL's memory BIO does not: one write is one datagram, one read takes the one that is being processed.</summary>
internal static unsafe class DatagramBio
{
    private static readonly nint Method = CreateMethod();

    internal static nint Create(nint owner)
    {
        var bio = LibSsl.BIO_new(Method);
        LibSsl.BIO_set_data(bio, owner);
        LibSsl.BIO_set_init(bio, isReady: 1);
        return bio;
    }

    private static nint CreateMethod()
    {
        var method = LibSsl.BIO_meth_new(LibSsl.BIO_get_new_index() | LibSsl.BioTypeSourceSink, "datagram");
        LibSsl.BIO_meth_set_read(method, &Read);
        LibSsl.BIO_meth_set_write(method, &Write);
        LibSsl.BIO_meth_set_ctrl(method, &Control);
        return method;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Read(nint bio, byte* buffer, int length)
    {
        LibSsl.BIO_clear_flags(bio, LibSsl.BioRetryAll);
        var taken = Owner(bio).TakeDatagram(new(buffer, length));
        if (taken == 0)
        {
            LibSsl.BIO_set_flags(bio, LibSsl.BioRetryRead);
            return -1;
        }

        return taken;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Write(nint bio, byte* buffer, int length)
    {
        LibSsl.BIO_clear_flags(bio, LibSsl.BioRetryAll);
        Owner(bio).Transmit(new(buffer, length));
        return length; // One that could not be sent counts as lost on the way.
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint Control(nint bio, int command, nint number, nint pointer) => command switch
    {
        LibSsl.BioFlush => 1,
        LibSsl.BioQueryMtu => DtlsTransport.Mtu,
        LibSsl.BioMtuOverhead => 28,
        _ => 0,
    };

    private static DtlsTransport Owner(nint bio) => (DtlsTransport)GCHandle.FromIntPtr(LibSsl.BIO_get_data(bio)).Target!;
}
