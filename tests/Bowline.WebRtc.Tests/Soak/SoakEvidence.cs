using System.Globalization;
using Bowline.Testing.Processes;

namespace Bowline.WebRtc.Tests.Soak;

/// <summary>What is kept of a stall: the figures of the connection, the kernel's counters, and what every thread of both processes was doing.</summary>
internal static class SoakEvidence
{
    public static async Task<string> KeepAsync(SoakLine line, TimeSpan silence)
    {
        var folder = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "soak-evidence")).FullName;
        var file = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{DateTime.UtcNow:yyyyMMdd-HHmmss}-{line.Name}.txt"));
        await File.WriteAllLinesAsync(file,
        [
            $"{line.Name}: silent for {silence.TotalSeconds:0.0} s after {line.Received} messages",
            line.Connection.Status.ToString(),
            line.Connection.GetStatistics().ToString(),
            .. (await File.ReadAllLinesAsync("/proc/net/snmp")).Where(static text => text.StartsWith("Udp:", StringComparison.Ordinal)),
            await File.ReadAllTextAsync("/proc/loadavg"),
            await StacksAsync(Environment.ProcessId),
            await StacksAsync(line.Peer.Process.Id),
        ]);
        return file;
    }

    /// <summary>The native stacks, where gdb is installed.</summary>
    private static async Task<string> StacksAsync(int process)
    {
        try
        {
            await using var gdb = TestProcess.Start("gdb", ["-p", $"{process}", "-batch", "-ex", "thread apply all backtrace 14"]);
            await gdb.WaitForExitAsync(TimeSpan.FromSeconds(60));
            return $"--- process {process}\n{gdb.Output}";
        }
        catch (Exception e) when (e is System.ComponentModel.Win32Exception or TimeoutException)
        {
            return $"--- process {process}: no stacks ({e.Message})";
        }
    }
}
