using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace Bowline.Testing.Processes;

/// <summary>
/// Starts children that die with this process. The parent-death signal belongs to the thread that forked, so all
/// children are forked on one thread that never ends; from a pool thread they would be killed when it retires.
/// </summary>
internal static class ChildProcesses
{
    private static readonly BlockingCollection<Action> Work = StartThread();

    /// <summary>Forks there and returns when it is done, which takes about a millisecond.</summary>
    public static Process Start(ProcessStartInfo start)
    {
        using var done = new ManualResetEventSlim();
        Process? process = null;
        ExceptionDispatchInfo? failure = null;
        Work.Add(() =>
        {
            try
            {
                process = Process.Start(WithParentDeathSignal(start));
            }
            catch (Exception e)
            {
                failure = ExceptionDispatchInfo.Capture(e);
            }

            done.Set();
        });
        done.Wait();
        failure?.Throw();
        return process!;
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
        // Bounded by the number of children that tests start at once; a full queue would only make a starter wait.
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
