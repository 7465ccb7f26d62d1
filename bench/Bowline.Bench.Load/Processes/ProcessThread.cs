using System.Collections.Concurrent;
using System.Diagnostics;

namespace Bowline.Bench.Load.Processes;

/// <summary>
/// Starts processes from one thread that never ends: the parent-death signal they are given is bound to the thread that
/// forked them, and a pool thread may end while we live.
/// </summary>
internal static class ProcessThread
{
    private static readonly BlockingCollection<Action> Work = [];

    static ProcessThread()
    {
        new Thread(() =>
        {
            foreach (var action in Work.GetConsumingEnumerable())
            {
                action();
            }
        })
        { IsBackground = true, Name = "process starter" }.Start();
    }

    public static Task<Process> StartAsync(ProcessStartInfo info)
    {
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        Work.Add(() =>
        {
            try
            {
                started.SetResult(Process.Start(info) ?? throw new InvalidOperationException($"{info.FileName} did not start"));
            }
            catch (Exception e)
            {
                started.SetException(e);
            }
        });
        return started.Task;
    }
}
