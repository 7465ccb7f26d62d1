namespace Bowline.Node.Link;

/// <summary>Owns every task the link loop starts: cancels them by number, observes their results, waits for them at the end.</summary>
/// <param name="time">The clock of time limits.</param>
/// <param name="unexpected">Told of every exception a task let escape.</param>
internal sealed class LinkOperations(TimeProvider time, Action<Exception> unexpected) : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly HashSet<Task> _running = [];
    private readonly Dictionary<int, CancellationTokenSource> _numbered = [];
    private readonly CancellationTokenSource _ended = new();

    /// <summary>Starts an operation that can be cancelled by its number and has a time limit.</summary>
    public void Run(int number, TimeSpan limit, Func<CancellationToken, Task> work)
    {
        var timed = new CancellationTokenSource(limit, time);
        var linked = CancellationTokenSource.CreateLinkedTokenSource(timed.Token, _ended.Token);
        lock (_gate)
        {
            _numbered[number] = linked;
        }

        Run(async _ =>
        {
            try
            {
                await work(linked.Token);
            }
            finally
            {
                lock (_gate)
                {
                    _numbered.Remove(number);
                }

                linked.Dispose();
                timed.Dispose();
            }
        });
    }

    /// <summary>Starts work that ends by itself, or when everything ends.</summary>
    public void Run(Func<CancellationToken, Task> work)
    {
        var task = Task.Run(() => work(_ended.Token));
        lock (_gate)
        {
            _running.Add(task);
        }

        _ = task.ContinueWith(Ended, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>Cancels the operation, if it still runs.</summary>
    public void Cancel(int number)
    {
        lock (_gate)
        {
            if (_numbered.Remove(number, out var source))
            {
                source.Cancel();
            }
        }
    }

    /// <summary>Cancels everything and waits, no longer than the limit, until it has ended.</summary>
    public async Task FinishAsync(TimeSpan limit)
    {
        await _ended.CancelAsync();
        Task all;
        lock (_gate)
        {
            all = Task.WhenAll(_running);
        }

        await Task.WhenAny(all, Task.Delay(limit, time));
    }

    public async ValueTask DisposeAsync()
    {
        await FinishAsync(TimeSpan.FromSeconds(1));
        _ended.Dispose();
    }

    private void Ended(Task task)
    {
        lock (_gate)
        {
            _running.Remove(task);
        }

        if (task.Exception is { } failure)
        {
            unexpected(failure);
        }
    }
}
