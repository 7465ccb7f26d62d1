using System.Runtime.InteropServices;
using Bowline.Bench.Load.Processes;
using Bowline.Bench.Load.Relays;

namespace Bowline.Bench.Load.Reporting;

/// <summary>Where and of what the figures were taken.</summary>
internal sealed record Machine(
    string Cpu, int Cores, long MemoryMiB, string System, string Runtime, string Commit, string NatsServer, string Libnats, string Ssh, string Strfry, string LoadBefore)
{
    public static async Task<Machine> ReadAsync(Libnats libnats, CancellationToken cancellationToken)
    {
        var cpu = File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal));
        return new Machine(
            cpu?.Split(':', 2)[1].Trim() ?? "unknown",
            Environment.ProcessorCount,
            GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 20,
            RuntimeInformation.OSDescription,
            RuntimeInformation.FrameworkDescription,
            await FirstLineAsync("git", "describe", "--always", "--dirty", "--abbrev=8"),
            await FirstLineAsync("nats-server", "-v"),
            await LibnatsVersionAsync(),
            await FirstLineAsync("ssh", "-V"),
            RelaySide.Strfry ?? $"left out ({RelaySide.StrfryVariable}= names its binary)",
            (await File.ReadAllTextAsync("/proc/loadavg", cancellationToken)).Trim());

        async Task<string> FirstLineAsync(string program, params string[] arguments)
        {
            await using var process = await ChildProcess.StartAsync(program, arguments);
            return await process.LineAsync(l => l, cancellationToken);
        }

        async Task<string> LibnatsVersionAsync()
            => File.Exists(libnats.Program) ? await libnats.VersionAsync(cancellationToken) : "not built";
    }
}
