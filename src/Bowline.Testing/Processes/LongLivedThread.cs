using System.Collections.Concurrent;

namespace Bowline.Testing.Processes;

/// <summary>
/// One thread that never ends, from which children are started: Linux ties the parent-death signal to the thread that
/// forked, so a child started from a pool thread would be killed when the pool retires that thread.
/// </summary>
internal static class LongLivedThread
{
    private static readonly BlockingCollection<Action> Work = Start();

    /// <summary>Runs the action there and waits for its result.</summary>
    public static T Run<T>(Func<T> action)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Work.Add(() =>
        {
            try
            {
                done.SetResult(action());
            }
            catch (Exception error)
            {
                done.SetException(error);
            }
        });
        return done.Task.GetAwaiter().GetResult();
    }

    private static BlockingCollection<Action> Start()
    {
        var work = new BlockingCollection<Action>(boundedCapacity: 64);
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
