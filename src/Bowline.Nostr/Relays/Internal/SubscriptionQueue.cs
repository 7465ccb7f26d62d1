using System.Runtime.CompilerServices;

namespace Bowline.Nostr;

/// <summary>
/// What one subscription holds for its reader, fed by one or several relays. Full, it makes them wait; when the reader takes nothing for
/// a while it ends with an error. What was seen is dropped by its id.
/// </summary>
internal sealed class SubscriptionQueue
{
    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly int _capacity;
    private readonly TimeSpan _slowLimit;
    private readonly Queue<RelayItem> _items = [];
    private readonly IdMemory _seen;
    private readonly HashSet<Uri> _open;
    private readonly HashSet<Uri> _owing;
    private readonly TaskCompletionSource _stored = NewSignal();
    private TaskCompletionSource? _room;
    private TaskCompletionSource? _arrived;
    private RelayException? _error;
    private bool _isEnded;
    private bool _isMarked;
    private bool _hasStored;
    private long _idleSince;

    public SubscriptionQueue(IEnumerable<Uri> relays, int capacity, RelayClientOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        _time = options.TimeProvider;
        _slowLimit = options.SlowReaderLimit;
        _capacity = capacity;
        _seen = new IdMemory(options.SeenCapacity);
        _open = [.. relays];
        _owing = [.. _open];
    }

    /// <summary>Completes with the mark, or when the subscription has ended.</summary>
    public Task StoredAsync() => _stored.Task;

    /// <summary>Takes an event, waiting for room. Does nothing when it was seen or the subscription has ended.</summary>
    public async ValueTask DeliverAsync(NostrEvent value, Uri relay, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_isEnded || !_seen.Add(value.Id))
            {
                return;
            }
        }

        while (!TryPut(new RelayItem(value, relay), out var room, out var patience))
        {
            if (patience <= TimeSpan.Zero)
            {
                Fail(new RelayException(RelayError.SlowReader, relay, $"The reader of this subscription took nothing for {_slowLimit.TotalSeconds:0.#} s while it was full."));
                Telemetry.SlowReaders.Add(1);
                return;
            }

            try
            {
                await room.WaitAsync(patience, _time, cancellationToken).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                // Whether it has been too long is judged above, from what the reader did.
                continue;
            }
        }
    }

    /// <summary>The relay has sent all it had stored.</summary>
    public void Stored(Uri relay)
    {
        lock (_gate)
        {
            _hasStored = true;
            Owes(relay, nothing: true);
        }
    }

    /// <summary>The relay cannot be reached now: the mark need not wait for it, as long as another one has stored events.</summary>
    public void Excuse(Uri relay)
    {
        lock (_gate)
        {
            Owes(relay, nothing: _open.Count > 1);
        }
    }

    /// <summary>The relay has ended its part; the last one ends the subscription.</summary>
    public void End(Uri relay, RelayException error)
    {
        lock (_gate)
        {
            if (!_open.Remove(relay))
            {
                return;
            }

            if (_open.Count == 0)
            {
                Finish(error);
            }
            else
            {
                Owes(relay, nothing: true);
            }
        }
    }

    /// <summary>Ends the subscription; null: its reader asked for it.</summary>
    public void Fail(RelayException? error)
    {
        lock (_gate)
        {
            Finish(error);
        }
    }

    /// <summary>What arrives, up to the end; then the error, if there was one.</summary>
    public async IAsyncEnumerable<RelayItem> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (TryTake(out var item, out var arrived))
            {
                yield return item;
            }
            else if (arrived is null)
            {
                yield break;
            }
            else
            {
                await arrived.WaitAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private bool TryPut(RelayItem item, out Task room, out TimeSpan patience)
    {
        lock (_gate)
        {
            patience = default;
            room = Task.CompletedTask;
            if (_isEnded)
            {
                return true;
            }

            if (_items.Count < _capacity)
            {
                Put(item);
                return true;
            }

            room = (_room ??= NewSignal()).Task;
            patience = _slowLimit - _time.GetElapsedTime(_idleSince);
            return false;
        }
    }

    private void Put(RelayItem item)
    {
        if (_items.Count == 0)
        {
            // The reader had nothing to take until now.
            _idleSince = _time.GetTimestamp();
        }

        _items.Enqueue(item);
        Signal(ref _arrived);
    }

    /// <summary>An item; or what to wait for; or neither at the end.</summary>
    private bool TryTake(out RelayItem item, out Task? arrived)
    {
        lock (_gate)
        {
            arrived = null;
            if (_items.TryDequeue(out item))
            {
                _idleSince = _time.GetTimestamp();
                Signal(ref _room);
                return true;
            }

            if (_isEnded)
            {
                return _error is null ? false : throw _error;
            }

            arrived = (_arrived ??= NewSignal()).Task;
            return false;
        }
    }

    private void Owes(Uri relay, bool nothing)
    {
        if (nothing)
        {
            _owing.Remove(relay);
        }

        if (_owing.Count == 0 && _hasStored && !_isMarked && !_isEnded)
        {
            // The mark is one item beyond the capacity at most.
            _isMarked = true;
            Put(new RelayItem(null, relay));
            _stored.TrySetResult();
        }
    }

    private void Finish(RelayException? error)
    {
        if (_isEnded)
        {
            return;
        }

        _isEnded = true;
        _error = error;
        Signal(ref _room);
        Signal(ref _arrived);
        _stored.TrySetResult();
    }

    private static void Signal(ref TaskCompletionSource? signal)
    {
        signal?.TrySetResult();
        signal = null;
    }
}
