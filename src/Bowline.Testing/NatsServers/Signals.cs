using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Bowline.Testing.NatsServers;

/// <summary>Unix signals to children that this process started.</summary>
internal static partial class Signals
{
    public const int Interrupt = 2;
    private const int LinuxStop = 19;
    private const int LinuxContinue = 18;
    private const int MacStop = 17;
    private const int MacContinue = 19;

    public static int Stop => OperatingSystem.IsMacOS() ? MacStop : LinuxStop;

    public static int Continue => OperatingSystem.IsMacOS() ? MacContinue : LinuxContinue;

    public static void Send(int processId, int signal)
    {
        if (Kill(processId, signal) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError(), $"Signal {signal} could not be sent to process {processId}.");
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Kill(int processId, int signal);
}
