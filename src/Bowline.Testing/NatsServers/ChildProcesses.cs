using System.Collections.Concurrent;
using System.Diagnostics;

namespace Bowline.Testing.NatsServers;

/// <summary>
/// Starts children that die with this process. The parent-death signal belongs to the thread that forked, so all
/// children are forked on one thread that never ends; from a pool thread they would be killed when it retires.
/// </summary>
internal static class ChildProcesses
{
    private static readonly BlockingCollection<Action> Work = StartThread();

    public static Task<Process> StartAsync(ProcessStartInfo start)
    {
        var result = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        Work.Add(() =>
        {
            try
            {
                result.SetResult(Process.Start(WithParentDeathSignal(start))!);
            }
#pragma warning disable CA1031 // Whatever went wrong is the awaiting caller's to see.
            catch (Exception e)
#pragma warning restore CA1031
            {
                result.SetException(e);
            }
        });
        return result.Task;
    }

    internal static ProcessStartInfo WithParentDeathSignal(ProcessStartInfo start)
    {
        if (!OperatingSystem.IsLinux())
        {
            return start;
        }

        start.ArgumentList.Insert(0, start.FileName);
        start.ArgumentList.Insert(0, "--");
        start.ArgumentList.Insert(0, "KILL");
        start.ArgumentList.Insert(0, "--pdeathsig");
        start.FileName = "setpriv";
        return start;
    }

    private static BlockingCollection<Action> StartThread()
    {
        // Bounded by the number of servers that tests start at once; a full queue would only make a starter wait.
        var work = new BlockingCollection<Action>(256);
        new Thread(() =>
        {
            foreach (var action in work.GetConsumingEnumerable())
            {
                action();
            }
        })
        { IsBackground = true, Name = "child processes" }.Start();
        return work;
    }
}
