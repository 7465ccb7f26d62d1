using Bowline.Core.Health;
using Bowline.Core.Time;

namespace Bowline.Nostr;

/// <summary>
/// Connections to many relays, one for each address whatever its spelling, made when they are first used and closed when nobody uses them
/// for a while. Thread-safe.
/// </summary>
/// <example>
/// <code>
/// await using var pool = new RelayPool();
/// Uri[] relays = [new("wss://one.example.org"), new("wss://two.example.org")];
/// foreach (var outcome in await pool.PublishAsync(relays, note))
/// {
///     Console.WriteLine($"{outcome.Relay}: {outcome.Status} {outcome.Text}");
/// }
///
/// await using var notes = pool.Subscribe(relays, [new NostrFilter { Kinds = [NostrKind.Note] }]);
/// await foreach (var value in notes.ReadAllAsync(stopping)) Console.WriteLine(value.Content);   // each once, whichever relay was first
/// </code>
/// </example>
public sealed class RelayPool : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly RelayClientOptions _options;
    private readonly VerifiedEvents _verified;
    private readonly SuspendMonitor _suspend;
    private readonly Dictionary<Uri, Entry> _entries = [];
    private readonly List<Task> _closing = [];
    private bool _isDisposed;

    /// <summary>Makes a pool; it connects to nothing yet.</summary>
    /// <param name="options">Null: the defaults.</param>
    public RelayPool(RelayClientOptions? options = null)
    {
        _options = options ?? RelayClientOptions.Default;
        _verified = new VerifiedEvents(_options.VerifiedCapacity);
        _suspend = new SuspendMonitor(_options.TimeProvider, Resumed);
    }

    /// <summary>Relays that are connected to, or being so, and what is known about each.</summary>
    public IReadOnlyDictionary<Uri, RelayStatus> Statuses => Connections().ToDictionary(static connection => connection.Relay, static connection => connection.Status);

    /// <summary>What is wrong at any of the relays.</summary>
    public IReadOnlyList<HealthWarning> Warnings => [.. Connections().SelectMany(static connection => connection.Warnings)];

    /// <summary>Signatures that were checked, for tests.</summary>
    internal long SignaturesChecked => _verified.Checked;

    /// <summary>Uses the connection to a relay, making it when there is none.</summary>
    /// <param name="relay">A <c>ws</c> or <c>wss</c> address.</param>
    /// <exception cref="ArgumentException">Not the address of a relay.</exception>
    /// <exception cref="ObjectDisposedException">The pool was closed.</exception>
    public RelayLease Use(Uri relay)
    {
        var url = RelayUrl.Normalize(relay);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (!_entries.TryGetValue(url, out var entry))
            {
                _entries[url] = entry = new(new RelayConnection(url, _options, _verified));
            }

            entry.Users++;
            entry.Lingering?.Dispose();
            entry.Lingering = null;
            return new RelayLease(entry.Connection, () => Release(url, entry));
        }
    }

    /// <summary>Publishes an event to several relays at once.</summary>
    /// <param name="relays">Their addresses; one that is there twice is used once.</param>
    /// <param name="value">The event.</param>
    /// <param name="options">Null: the defaults.</param>
    /// <param name="cancellationToken">Stops waiting; relays may have the event.</param>
    /// <returns>What became of it at each relay, in the order of the addresses.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async Task<IReadOnlyList<RelayPublishOutcome>> PublishAsync(
        IEnumerable<Uri> relays, NostrEvent value, RelayPublishOptions? options = null, CancellationToken cancellationToken = default)
    {
        var leases = UseAll(relays);
        try
        {
            return await Task.WhenAll(leases.Select(lease => lease.Connection.PublishAsync(value, options, cancellationToken))).ConfigureAwait(false);
        }
        finally
        {
            ReleaseAll(leases);
        }
    }

    /// <summary>Subscribes at several relays at once; an event is yielded once, whichever relay was first.</summary>
    /// <param name="relays">Their addresses, at least one.</param>
    /// <param name="filters">At least one; an event that any of them wants is yielded.</param>
    /// <param name="options">Null: the defaults.</param>
    public RelaySubscription Subscribe(IEnumerable<Uri> relays, IReadOnlyList<NostrFilter> filters, RelaySubscribeOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(filters);
        ArgumentOutOfRangeException.ThrowIfZero(filters.Count, nameof(filters));
        var leases = UseAll(relays);
        ArgumentOutOfRangeException.ThrowIfZero(leases.Count, nameof(relays));
        var queue = new SubscriptionQueue(leases.Select(static lease => lease.Connection.Relay), options?.Capacity ?? _options.SubscriptionCapacity, _options);
        foreach (var lease in leases)
        {
            lease.Connection.Attach(queue, filters, options?.Key);
        }

        return new RelaySubscription(queue, () =>
        {
            foreach (var lease in leases)
            {
                lease.Connection.Detach(queue);
                lease.Dispose();
            }
        });
    }

    /// <summary>Asks several relays for stored events once, for <see cref="RelayClientOptions.QueryTimeout"/> at most.</summary>
    /// <exception cref="RelayException">All relays refused.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async Task<RelayQueryResult> QueryAsync(
        IEnumerable<Uri> relays, IReadOnlyList<NostrFilter> filters, RelaySubscribeOptions? options = null, CancellationToken cancellationToken = default)
    {
        var subscription = Subscribe(relays, filters, options);
        await using var leaving = subscription.ConfigureAwait(false);
        return await subscription.CollectAsync(_options, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The machine's addresses or routes changed: sockets must prove themselves, and waits are over.</summary>
    public void NetworkChanged()
    {
        foreach (var connection in Connections())
        {
            connection.NetworkChanged();
        }
    }

    /// <summary>Closes all connections: subscriptions end with <see cref="RelayError.Closed"/>, and nothing of the pool runs any more when this is done.</summary>
    public async ValueTask DisposeAsync()
    {
        List<Task> closing;
        lock (_gate)
        {
            if (_isDisposed)
            {
                return;
            }

            _isDisposed = true;
            foreach (var entry in _entries.Values)
            {
                entry.Lingering?.Dispose();
                _closing.Add(entry.Connection.DisposeAsync().AsTask());
            }

            _entries.Clear();
            closing = [.. _closing];
        }

        _suspend.Dispose();
        await Task.WhenAll(closing).ConfigureAwait(false);
    }

    private static void ReleaseAll(List<RelayLease> leases)
    {
        foreach (var lease in leases)
        {
            lease.Dispose();
        }
    }

    private List<RelayLease> UseAll(IEnumerable<Uri> relays)
    {
        ArgumentNullException.ThrowIfNull(relays);
        return [.. relays.Select(RelayUrl.Normalize).Distinct().ToList().Select(Use)];
    }

    private void Release(Uri relay, Entry entry)
    {
        lock (_gate)
        {
            if (--entry.Users == 0 && !_isDisposed)
            {
                entry.Lingering = _options.TimeProvider.CreateTimer(_ => CloseUnused(relay, entry), null, _options.Linger, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private void CloseUnused(Uri relay, Entry entry)
    {
        lock (_gate)
        {
            if (entry.Users > 0 || _isDisposed || !_entries.Remove(relay))
            {
                return;
            }

            entry.Lingering?.Dispose();
            _closing.RemoveAll(static task => task.IsCompletedSuccessfully);
            _closing.Add(entry.Connection.DisposeAsync().AsTask());
        }
    }

    private void Resumed(Suspension suspension)
    {
        foreach (var connection in Connections())
        {
            connection.Resumed(suspension);
        }
    }

    private List<RelayConnection> Connections()
    {
        lock (_gate)
        {
            return [.. _entries.Values.Select(static entry => entry.Connection)];
        }
    }

    private sealed class Entry(RelayConnection connection)
    {
        public RelayConnection Connection { get; } = connection;

        public int Users { get; set; }

        public ITimer? Lingering { get; set; }
    }
}
