namespace Bowline.Nats;

public sealed partial class NatsConnection
{
    private readonly List<(string Subject, TaskCompletionSource Refused)> _publishObservers = [];

    /// <summary>Called on the read loop. Permission errors name no subscription, so they are matched by subject.</summary>
    internal void ServerErrorReceived(NatsServerException error)
    {
        LogServerError(error.Error);
        RaiseEvent(ServerError, new NatsEventArgs(error.Error, error));
        switch (error)
        {
            case NatsPermissionViolationException { IsPublish: true } violation:
                _requests.FailAll(slot => slot.Subject == violation.Subject, _ => violation);
                lock (_publishObservers)
                {
                    foreach (var (subject, refused) in _publishObservers)
                    {
                        if (subject == violation.Subject)
                        {
                            refused.TrySetException(violation);
                        }
                    }
                }

                break;
            case NatsPermissionViolationException violation:
                foreach (var sub in _subs.Values)
                {
                    if (sub.Subject == violation.Subject && _subs.TryRemove(sub.Sid, out _))
                    {
                        sub.End(violation);
                    }
                }

                break;
            case NatsSubscriptionLimitException limit:
                EndOldestUnconfirmed(limit);
                break;
            default:
                break;
        }
    }

    /// <summary>The error names no subscription. The server works in order, so it is about the oldest one whose PONG is still to come.</summary>
    private void EndOldestUnconfirmed(NatsSubscriptionLimitException limit)
    {
        NatsSubBase? refused;
        lock (_unconfirmed)
        {
            refused = _unconfirmed.Find(static entry => !entry.Taken.Task.IsCompleted && !entry.Sub.HasEnded).Sub;
        }

        if (refused is not null && _subs.TryRemove(refused.Sid, out _))
        {
            refused.End(limit);
        }
    }

    /// <summary>Publishes, and returns when the server has taken the message or refused it.</summary>
    private async ValueTask PublishConfirmedAsync(
        string subject, string? replyTo, byte[] headers, byte[] payload, NatsPubOpts opts, CancellationToken cancellationToken)
    {
        var refused = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_publishObservers)
        {
            _publishObservers.Add((subject, refused));
        }

        try
        {
            await PublishSlowAsync(subject, replyTo, headers, payload, opts, cancellationToken).ConfigureAwait(false);
            await PingAsync(cancellationToken).ConfigureAwait(false);
            if (refused.Task.IsCompleted)
            {
                await refused.Task.ConfigureAwait(false);
            }
        }
        finally
        {
            lock (_publishObservers)
            {
                _publishObservers.Remove((subject, refused));
            }
        }
    }
}
