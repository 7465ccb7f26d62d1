using System.Runtime.CompilerServices;

namespace Bowline.Nostr;

/// <summary>
/// Events as they arrive, from one relay or several: verified, each once, across reconnects. Read it with one <c>await foreach</c>.
/// A reader that is slower than its relays makes them wait; one that stops reading ends it with <see cref="RelayError.SlowReader"/>.
/// Disposal ends it.
/// </summary>
public sealed class RelaySubscription : IAsyncDisposable
{
    private readonly SubscriptionQueue _queue;
    private readonly Action _leave;
    private int _isDisposed;

    internal RelaySubscription(SubscriptionQueue queue, Action leave)
    {
        _queue = queue;
        _leave = leave;
    }

    /// <summary>
    /// Completes when all relays have sent what they had stored, those that cannot be reached left out, or when the subscription has ended. The events may
    /// not all have been read yet.
    /// </summary>
    public Task StoredAsync() => _queue.StoredAsync();

    /// <summary>Events, and the mark at the end of the stored ones. Each is handed to one reader.</summary>
    /// <exception cref="RelayException">The subscription ended, other than by its disposal.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; the subscription goes on.</exception>
    public IAsyncEnumerable<RelayItem> ReadItemsAsync(CancellationToken cancellationToken = default) => _queue.ReadAsync(cancellationToken);

    /// <summary>Events, without the mark.</summary>
    /// <exception cref="RelayException">The subscription ended, other than by its disposal.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; the subscription goes on.</exception>
    public async IAsyncEnumerable<NostrEvent> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var item in _queue.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            if (item.Event is { } value)
            {
                yield return value;
            }
        }
    }

    /// <summary>Ends the subscription; a reader that waits comes to its end.</summary>
    public ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
        {
            _queue.Fail(null);
            _leave();
        }

        return default;
    }

    internal async Task<RelayQueryResult> CollectAsync(RelayClientOptions options, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(options.QueryTimeout, options.TimeProvider);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        List<NostrEvent> events = [];
        try
        {
            await foreach (var item in _queue.ReadAsync(limit.Token).ConfigureAwait(false))
            {
                if (item.IsEndOfStored)
                {
                    return new(events, IsComplete: true);
                }

                events.Add(item.Event);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new(events, IsComplete: false);
        }

        return new(events, IsComplete: false);
    }
}
