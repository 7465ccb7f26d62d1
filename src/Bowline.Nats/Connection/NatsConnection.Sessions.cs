namespace Bowline.Nats;

public sealed partial class NatsConnection
{
    private readonly HashSet<Task> _orphans = [];
    private bool _penalty = true;

    private ValueTask WaitOpenAsync(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_session is not null)
        {
            return default;
        }

        Task opened;
        lock (_gate)
        {
            opened = _opened.Task;
        }

        return new ValueTask(opened.WaitAsync(cancellationToken));
    }

    /// <summary>Makes a session the current one: subscriptions first, then everybody else.</summary>
    private void Install(NatsSession session)
    {
        lock (_gate)
        {
            foreach (var sub in _subs.Values)
            {
                session.Output.TryControl(SubLine(sub));
            }

            _session = session;
            _opened.TrySetResult();
        }

        SetState(NatsConnectionState.Open);
        _ = Track(session.RunAsync());
        LogOpened(session.Uri, session.Info.Name, session.Info.Version);
        Telemetry.Opened.Add(1);
        RaiseEvent(ConnectionOpened, new NatsEventArgs($"Connected to {session.Uri}."));
    }

    private void Detach(NatsSession session)
    {
        lock (_gate)
        {
            if (!ReferenceEquals(_session, session))
            {
                return;
            }

            _session = null;
            _messagesIn += session.Messages;
            _bytesIn += session.Bytes;
            _messagesOut += session.Output.Messages;
            _bytesOut += session.Output.Bytes;
            if (_opened.Task.IsCompleted)
            {
                _opened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }

    private void Lost(NatsSession session, Exception reason)
    {
        Detach(session);
        _moveRequested = false;
        if (!_disposed)
        {
            SetState(NatsConnectionState.Reconnecting);
        }

        // Credentials that ran out are not the server's trouble: ask for new ones and come back at once.
        _penalty = reason is not NatsServerException { IsAuthExpired: true };
        Orphan(session);
        _requests.FailAll(static _ => true, _ => new NatsDisconnectedException("The connection was lost before the answer came.", reason));
        if (session.SlowSub is { HasEnded: false } slow)
        {
            Forget(slow);
            slow.End(new NatsSlowConsumerException(
                $"The subscription on '{slow.Subject}' paused reading and the server cut the connection; messages were lost.", reason));
        }

        LogLost(session.Uri, reason);
        Telemetry.Lost.Add(1);
        RaiseEvent(ConnectionDisconnected, new NatsEventArgs($"Lost {session.Uri}.", reason));
    }

    /// <summary>Closes a session without waiting for it; disposal of the connection does.</summary>
    private void Orphan(NatsSession session) => _ = Track(CloseAsync(session));

    private async Task CloseAsync(NatsSession session)
    {
        await Task.Yield();
        try
        {
            await session.Transport.DisposeAsync().AsTask().WaitAsync(CloseFlushTimeout, Opts.TimeProvider).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            LogCloseFailed(e);
        }
        finally
        {
            session.Transport.Abort();
        }
    }

    private Task Track(Task task)
    {
        lock (_orphans)
        {
            _orphans.Add(task);
        }

        return task.ContinueWith(
            done =>
            {
                lock (_orphans)
                {
                    _orphans.Remove(done);
                }
            },
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    private Task[] OrphansSnapshot()
    {
        lock (_orphans)
        {
            return [.. _orphans];
        }
    }

    private void SetState(NatsConnectionState state) => Volatile.Write(ref _state, (int)state);

    private void ReleaseOpenWaiters(Exception reason)
    {
        lock (_gate)
        {
            if (!_opened.TrySetException(reason) && !_opened.Task.IsFaulted)
            {
                _opened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                _opened.SetException(reason);
            }

            _ = _opened.Task.Exception;
        }
    }

    private void Wake()
    {
        lock (_wake)
        {
            if (_wake.CurrentCount == 0)
            {
                _wake.Release();
            }
        }
    }

    private async Task WaitForWakeAsync(TimeSpan wait)
    {
        using var timeout = new CancellationTokenSource(wait, Opts.TimeProvider);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, _stopping.Token);
        try
        {
            await _wake.WaitAsync(linked.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The wait is over, or the connection is.
        }
    }

    private async Task WaitAsync(NatsSession session, TimeSpan wait)
    {
        using var timeout = new CancellationTokenSource(wait, Opts.TimeProvider);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, _stopping.Token);
        var woken = _wake.WaitAsync(linked.Token);
        await Task.WhenAny(session.Ended, woken).ConfigureAwait(false);
        if (!woken.IsCompleted)
        {
            await linked.CancelAsync().ConfigureAwait(false);
        }

        await woken.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
