using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Bowline.Testing.Namespaces;

/// <summary>An interface whose packets a program reads and writes (Linux TUN, without packet information).</summary>
internal static partial class TunDevice
{
    private const int CloneNewNet = 0x4000_0000;
    private const nuint SetInterface = 0x4004_54CA; // TUNSETIFF
    private const ushort TunWithoutInformation = 0x0001 | 0x1000; // IFF_TUN, IFF_NO_PI
    private const int NameSize = 16;
    private const int RequestSize = 40; // struct ifreq

    /// <summary>Makes one in this process's network namespace.</summary>
    internal static FileStream Open(string name)
    {
        var handle = File.OpenHandle("/dev/net/tun", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        Span<byte> request = stackalloc byte[RequestSize];
        request.Clear();
        Encoding.ASCII.GetBytes(name, request[..(NameSize - 1)]);
        MemoryMarshal.Write(request[NameSize..], TunWithoutInformation);
        Require(Control((int)handle.DangerousGetHandle(), SetInterface, ref MemoryMarshal.GetReference(request)), $"TUNSETIFF {name}");
        return new(handle, FileAccess.ReadWrite, bufferSize: 0);
    }

    /// <summary>Makes one in the network namespace of another process. A thread of its own moves there and ends with it.</summary>
    internal static FileStream OpenIn(int processId, string name)
    {
        FileStream? device = null;
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                using SafeFileHandle space = File.OpenHandle($"/proc/{processId}/ns/net");
                Require(Enter((int)space.DangerousGetHandle(), CloneNewNet), $"setns {processId}");
                device = Open(name);
            }
            catch (Exception e) when (e is IOException or Win32Exception or UnauthorizedAccessException)
            {
                failure = e;
            }
        });
        thread.Start();
        thread.Join();
        return device ?? throw new InvalidOperationException($"No interface {name} could be made in the namespace of process {processId}.", failure);
    }

    private static void Require(int result, string call)
    {
        if (result != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError(), $"{call} failed: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Control(int descriptor, nuint request, ref byte argument);

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Enter(int descriptor, int kind);
}
