using System.Globalization;
using System.Runtime.InteropServices;

namespace Bowline.Bench.Load.Processes;

/// <summary>Reads <c>/proc</c>: CPU time (10 ms ticks) and resident memory of a process and of everything below it.</summary>
internal static partial class ProcFile
{
    private const int TicksPerSecond = 100;
    private const int SigTerm = 15;

    public static TimeSpan CpuOfTree(int pid)
        => TimeSpan.FromSeconds((double)Tree(pid).Sum(p => p.Ticks) / TicksPerSecond);

    public static long RssOfTree(int pid)
        => Tree(pid).Sum(p => p.RssPages) * Environment.SystemPageSize;

    /// <summary>Anonymous resident memory: without files that are mapped, in bytes.</summary>
    public static long Anonymous(int pid)
    {
        var line = File.ReadLines($"/proc/{pid}/status").First(static l => l.StartsWith("RssAnon:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) << 10;
    }

    /// <summary>SIGTERM, which <see cref="System.Diagnostics.Process"/> cannot send.</summary>
    /// <returns>False when it is already gone.</returns>
    public static bool Terminate(int pid) => Kill(pid, SigTerm) == 0;

    private static List<Stat> Tree(int root)
    {
        var all = Directory.EnumerateDirectories("/proc")
            .Select(d => int.TryParse(Path.GetFileName(d), CultureInfo.InvariantCulture, out var pid) ? Read(pid) : null)
            .OfType<Stat>()
            .ToArray();
        var tree = all.Where(s => s.Pid == root).ToList();
        for (var i = 0; i < tree.Count; i++)
        {
            tree.AddRange(all.Where(s => s.Parent == tree[i].Pid));
        }

        return tree;
    }

    private static Stat? Read(int pid)
    {
        try
        {
            // The name is in parentheses and may hold anything; what follows the last one is plain. Field 3 (state) is first.
            var text = File.ReadAllText($"/proc/{pid}/stat");
            var f = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return new Stat(pid, Number(f[1]), Number(f[11]) + Number(f[12]), Number(f[21]));
        }
        catch (IOException)
        {
            return null; // It ended between the listing and the reading.
        }

        static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Kill(int pid, int signal);

    private sealed record Stat(int Pid, int Parent, int Ticks, long RssPages);
}
