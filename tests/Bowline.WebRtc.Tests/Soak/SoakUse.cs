namespace Bowline.WebRtc.Tests.Soak;

/// <summary>What this process holds.</summary>
internal sealed record SoakUse(long Mebibytes, int Descriptors, int Threads)
{
    /// <summary>Measures once the collector has given back what it can, since its own appetite is no leak, and once a restart of ICE has let go of its old addresses.</summary>
    public static async Task<SoakUse> MeasureAsync()
    {
        await Task.Delay(TimeSpan.FromSeconds(7));
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        return new(process.WorkingSet64 >> 20, Directory.GetFiles("/proc/self/fd").Length, process.Threads.Count);
    }
}
