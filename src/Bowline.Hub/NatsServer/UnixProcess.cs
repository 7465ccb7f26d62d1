using System.Runtime.InteropServices;

namespace Bowline.Hub.NatsServer;

/// <summary>The signals we send to children.</summary>
internal static partial class UnixProcess
{
    public const int Terminate = 15;
    public const int Kill = 9;

    /// <summary>Sends a signal; false when there is no such process, or on Windows.</summary>
    public static bool Signal(int pid, int signal) => !OperatingSystem.IsWindows() && SendSignal(pid, signal) == 0;

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int pid, int signal);
}
