namespace Bowline.WebRtc;

/// <summary>What a connection does on the side: bounded in number, observed, and over when the connection is.</summary>
internal sealed class OwnedTasks
{
    private readonly Lock _gate = new();
    private readonly HashSet<Task> _tasks = [];

    internal void Run(Func<Task> work)
    {
        var task = Task.Run(work);
        lock (_gate)
        {
            _tasks.Add(task);
        }

        _ = task.ContinueWith(Forget, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>Waits for all of them; what they threw they have said where it concerned somebody.</summary>
    internal async Task WaitAsync()
    {
        Task[] tasks;
        lock (_gate)
        {
            tasks = [.. _tasks];
        }

        await Task.WhenAll(tasks).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void Forget(Task task)
    {
        _ = task.Exception; // It counts as observed: what concerned somebody was said.
        lock (_gate)
        {
            _tasks.Remove(task);
        }
    }
}
