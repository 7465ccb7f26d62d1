using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Bowline.Testing.Processes;

/// <summary>The signals the tests send: freeze, resume, interrupt, terminate, kill.</summary>
public static partial class Signals
{
    /// <summary>What Ctrl-C sends.</summary>
    public const int Interrupt = 2;

    /// <summary>Ends a process at once; it cannot be caught.</summary>
    public const int Kill = 9;

    /// <summary>Asks a process to end.</summary>
    public const int Terminate = 15;

    /// <summary>Resumes a frozen process.</summary>
    public static int Continue => OperatingSystem.IsMacOS() ? 19 : 18;

    /// <summary>Freezes a process; it cannot be caught.</summary>
    public static int Stop => OperatingSystem.IsMacOS() ? 17 : 19;

    /// <summary>Sends a signal to one process.</summary>
    /// <exception cref="Win32Exception">The process does not exist or is not ours.</exception>
    public static void Send(int processId, int signal)
    {
        if (NativeKill(processId, signal) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError(), $"kill({processId}, {signal}) failed");
        }
    }

    /// <summary>A signal is taken some time after it was sent, thread by thread: true when all threads have stopped.</summary>
    public static bool HasStopped(int processId) => !OperatingSystem.IsLinux()
        || Directory.EnumerateDirectories($"/proc/{processId}/task").All(task => File.ReadAllText(Path.Combine(task, "stat")).Contains(") T ", StringComparison.Ordinal));

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int NativeKill(int processId, int signal);
}
