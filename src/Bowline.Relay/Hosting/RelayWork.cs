using Bowline.Nostr;

namespace Bowline.Relay;

/// <summary>
/// What takes time for one connection: commits, queries, counts. All of it is counted, so that the reader can be held back and the end can
/// wait for it; every failure is answered here.
/// </summary>
internal sealed class RelayWork(RelayCore core, RelayConnection connection, Outbox outbox) : IDisposable
{
    private readonly WorkGate _gate = new(core.Rules.Limits.Pending);
    private SemaphoreSlim? _queries;

    public Task WaitForRoomAsync() => _gate.WaitForRoomAsync();

    public Task WaitForNoneAsync() => _gate.WaitForNoneAsync();

    /// <summary>Stores an event, answers, hands it on.</summary>
    public void Store(NostrEvent value)
    {
        _gate.Enter();
        _ = StoreAsync(value);
    }

    /// <summary>Sends what a subscription finds in the store.</summary>
    public void Query(Subscription subscription)
    {
        if (subscription.StoredFilters.Count == 0)
        {
            subscription.EndOfStored(core.Now.UnixSeconds);
            return;
        }

        _queries ??= new(core.Rules.Limits.QueriesPerConnection);
        _gate.Enter();
        _ = QueryAsync(subscription, _queries);
    }

    /// <summary>Sends how much the filters find in the store.</summary>
    public void Count(string id, IReadOnlyList<NostrFilter> filters)
    {
        _queries ??= new(core.Rules.Limits.QueriesPerConnection);
        _gate.Enter();
        _ = CountAsync(id, filters, _queries);
    }

    public void Dispose() => _queries?.Dispose();

    private async Task StoreAsync(NostrEvent value)
    {
        var started = core.Time.GetTimestamp();
        core.InFlight.Enter(value.Id);
        try
        {
            var json = EventJson.Of(value);
            var outcome = await core.Store.AddAsync(value, json, CancellationToken.None).ConfigureAwait(false);
            connection.Post(RelaySession.Answer(value.Id, outcome));
            core.StoreWorks();
            RelayTelemetry.Committed(core.Time.GetElapsedTime(started));
            RelayTelemetry.Event(NameOf(outcome));
            if (outcome == StoreOutcome.Stored)
            {
                core.Publish(value, json);
            }
        }
        catch (Exception exception)
        {
            RelayLog.NotStored(core.Logger, exception, value.Id.ToString());
            RelayTelemetry.Event("error");
            core.StoreFails(exception);
            connection.Post(new RelayOkMessage(value.Id, Accepted: false, ReasonPrefix.Error + "it could not be stored; try again later"));
        }
        finally
        {
            core.InFlight.Leave(value.Id);
            _gate.Leave();
        }
    }

    private async Task QueryAsync(Subscription subscription, SemaphoreSlim own)
    {
        var started = core.Time.GetTimestamp();
        using var query = new CancellationTokenSource();
        var cancellationToken = query.Token;
        subscription.BeginQuery(query);
        try
        {
            // A store answers on its caller's thread, and this one is the reader of the connection.
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            await own.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                await SendStoredAsync(subscription, cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                _ = own.Release();
            }

            subscription.EndOfStored(core.Now.UnixSeconds);
            RelayTelemetry.Queried(core.Time.GetElapsedTime(started));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            RelayTelemetry.Queried(core.Time.GetElapsedTime(started));
        }
        catch (Exception exception)
        {
            RelayLog.QueryFailed(core.Logger, exception, connection.Number);
            connection.Fail(subscription, ReasonPrefix.Error + "the store could not be asked; try again later");
        }
        finally
        {
            subscription.EndQuery();
            _gate.Leave();
        }
    }

    private async Task SendStoredAsync(Subscription subscription, CancellationToken cancellationToken)
    {
        await core.Queries.WaitAsync(cancellationToken).ConfigureAwait(false);
        var holds = true;
        try
        {
            await foreach (var value in core.Store.QueryAsync(subscription.StoredFilters, connection.Audience, cancellationToken).ConfigureAwait(false))
            {
                var room = outbox.WaitForRoomAsync();
                if (!room.IsCompleted)
                {
                    // Whoever reads slowly waits without taking a place from others.
                    _ = core.Queries.Release();
                    holds = false;
                    await room.WaitAsync(cancellationToken).ConfigureAwait(false);
                    await core.Queries.WaitAsync(cancellationToken).ConfigureAwait(false);
                    holds = true;
                }

                subscription.DeliverStored(value, core.InFlight);
            }
        }
        finally
        {
            if (holds)
            {
                _ = core.Queries.Release();
            }
        }
    }

    private async Task CountAsync(string id, IReadOnlyList<NostrFilter> filters, SemaphoreSlim own)
    {
        try
        {
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            await own.WaitAsync(CancellationToken.None).ConfigureAwait(false);
            try
            {
                await core.Queries.WaitAsync(CancellationToken.None).ConfigureAwait(false);
                try
                {
                    var count = await core.Store.CountAsync(filters, connection.Audience, CancellationToken.None).ConfigureAwait(false);
                    connection.Post(new RelayCountMessage(id, count));
                }
                finally
                {
                    _ = core.Queries.Release();
                }
            }
            finally
            {
                _ = own.Release();
            }
        }
        catch (Exception exception)
        {
            RelayLog.QueryFailed(core.Logger, exception, connection.Number);
            connection.Post(new RelayClosedMessage(id, ReasonPrefix.Error + "the store could not be asked; try again later"));
        }
        finally
        {
            _gate.Leave();
        }
    }

    private static string NameOf(StoreOutcome outcome) => outcome switch
    {
        StoreOutcome.Stored => "stored",
        StoreOutcome.Duplicate => "duplicate",
        StoreOutcome.Superseded => "superseded",
        _ => "deleted",
    };
}
