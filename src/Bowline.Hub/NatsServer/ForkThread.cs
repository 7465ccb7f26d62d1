using System.Collections.Concurrent;
using System.Diagnostics;

namespace Bowline.Hub.NatsServer;

/// <summary>
/// Starts child processes from one thread that never ends. A parent-death signal is bound to the thread that forked, not
/// to the process: forked from a pool thread, the child would be killed when that thread is retired.
/// </summary>
internal static class ForkThread
{
    private static readonly BlockingCollection<Action> Work = new(boundedCapacity: 16);
    private static readonly Lazy<Thread> Runner = new(Run);

    public static Task<Process> StartAsync(ProcessStartInfo info)
    {
        _ = Runner.Value;
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        Work.Add(() =>
        {
            try
            {
                started.SetResult(Process.Start(info)!);
            }
            catch (Exception e) when (e is System.ComponentModel.Win32Exception or InvalidOperationException)
            {
                started.SetException(e);
            }
        });
        return started.Task;
    }

    private static Thread Run()
    {
        var thread = new Thread(() =>
        {
            foreach (var action in Work.GetConsumingEnumerable())
            {
                action();
            }
        })
        { IsBackground = true, Name = "bowline-fork" };
        thread.Start();
        return thread;
    }
}
