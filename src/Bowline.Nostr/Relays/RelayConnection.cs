using System.Security.Cryptography;
using Bowline.Core.Health;
using Bowline.Core.Time;

namespace Bowline.Nostr;

/// <summary>
/// A connection to one relay, shared by all its users: it reconnects for ever, verifies every event before anyone sees it, and asks for
/// what all users want in few requests. A relay that honours one key per connection gets one socket for each key. Thread-safe.
/// </summary>
/// <example>
/// <code>
/// await using var relay = new RelayConnection(new Uri("wss://relay.example.org"));
/// using var key = NostrKey.Create();
/// var outcome = await relay.PublishAsync(key.Sign(NostrKind.Note, "hello", null, DateTimeOffset.UtcNow));
/// Console.WriteLine($"{outcome.Status} {outcome.Text}");
/// await using var notes = relay.Subscribe([new NostrFilter { Kinds = [NostrKind.Note], Authors = [key.PublicKey] }]);
/// await foreach (var item in notes.ReadItemsAsync(stopping))
/// {
///     Console.WriteLine(item.IsEndOfStored ? "-- from here on it is live --" : item.Event.Content);
/// }
/// </code>
/// </example>
public sealed class RelayConnection : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly RelayClientOptions _options;
    private readonly LinkClock _clock;
    private readonly VerifiedEvents _verified;
    private readonly HealthTracker _health;
    private readonly Random _random;
    private readonly RelayLink _main;
    private readonly SuspendMonitor? _suspend;
    private readonly Dictionary<NostrPublicKey, RelayLink> _keyLinks = [];
    private readonly Dictionary<SubscriptionQueue, (RelayLink Link, LinkSubscription Subscription)> _subscriptions = [];
    private NostrPublicKey? _keptKey;
    private TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isDisposed;

    /// <summary>Begins to connect.</summary>
    /// <param name="relay">A <c>ws</c> or <c>wss</c> address.</param>
    /// <param name="options">Null: the defaults.</param>
    /// <exception cref="ArgumentException">Not the address of a relay.</exception>
    public RelayConnection(Uri relay, RelayClientOptions? options = null)
        : this(relay, options ?? RelayClientOptions.Default, null)
    {
        _suspend = new SuspendMonitor(_options.TimeProvider, Resumed);
    }

    internal RelayConnection(Uri relay, RelayClientOptions options, VerifiedEvents? verified)
    {
        Relay = RelayUrl.Normalize(relay);
        _options = options;
        _clock = new LinkClock(options.TimeProvider);
        _verified = verified ?? new VerifiedEvents(options.VerifiedCapacity);
        _health = new HealthTracker(options.TimeProvider);

        // A Random is not thread-safe, so that each link has one of its own.
        _random = new Random(options.Random?.Next() ?? RandomNumberGenerator.GetInt32(int.MaxValue));
        _main = NewLink(SignalPhase);
    }

    /// <summary>The relay's address, in its one spelling.</summary>
    public Uri Relay { get; }

    /// <summary>What is known about the connection now; those for single keys are not in it.</summary>
    public RelayStatus Status => _main.Status;

    /// <summary>What is wrong now and has lasted long enough to be shown.</summary>
    public IReadOnlyList<HealthWarning> Warnings => _health.Visible;

    /// <summary>Completes when there is a connection, now or later.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public Task OpenedAsync(CancellationToken cancellationToken = default) => Volatile.Read(ref _opened).Task.WaitAsync(cancellationToken);

    /// <summary>Subscribes: first to the stored events, then to those that come, across reconnects, until it is disposed.</summary>
    /// <param name="filters">At least one; an event that any of them wants is yielded.</param>
    /// <param name="options">Null: the defaults.</param>
    /// <exception cref="ObjectDisposedException">The connection was closed.</exception>
    public RelaySubscription Subscribe(IReadOnlyList<NostrFilter> filters, RelaySubscribeOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(filters);
        ArgumentOutOfRangeException.ThrowIfZero(filters.Count, nameof(filters));
        var queue = new SubscriptionQueue([Relay], options?.Capacity ?? _options.SubscriptionCapacity, _options);
        Attach(queue, filters, options?.Key);
        return new RelaySubscription(queue, () => Detach(queue));
    }

    /// <summary>Asks for stored events once, for <see cref="RelayClientOptions.QueryTimeout"/> at most.</summary>
    /// <exception cref="RelayException">The relay refused.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async Task<RelayQueryResult> QueryAsync(IReadOnlyList<NostrFilter> filters, RelaySubscribeOptions? options = null, CancellationToken cancellationToken = default)
    {
        var subscription = Subscribe(filters, options);
        await using var leaving = subscription.ConfigureAwait(false);
        return await subscription.CollectAsync(_options, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Publishes an event. While there is no connection it waits; after a reconnect it is sent again, which is safe because it is the same by its id.</summary>
    /// <param name="value">The event.</param>
    /// <param name="options">Null: the defaults.</param>
    /// <param name="cancellationToken">Stops waiting; the relay may have the event.</param>
    /// <returns>What became of it; a refusal is no exception.</returns>
    /// <exception cref="ObjectDisposedException">The connection was closed.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async Task<RelayPublishOutcome> PublishAsync(NostrEvent value, RelayPublishOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(value);
        using var activity = Telemetry.Source.StartActivity("nostr publish", System.Diagnostics.ActivityKind.Producer);
        activity?.SetTag("server.address", Relay.Authority);
        var publish = new PendingPublish(value, options?.Key, options?.Timeout ?? _options.PublishTimeout);
        var started = _options.TimeProvider.GetTimestamp();
        Hand(publish);
        try
        {
            var outcome = await publish.Outcome.WaitAsync(cancellationToken).ConfigureAwait(false);
            Telemetry.PublishDuration.Record(
                _options.TimeProvider.GetElapsedTime(started).TotalSeconds,
                Telemetry.Tag(Relay),
                new("outcome", outcome.Status.ToString()));
            return outcome;
        }
        catch (OperationCanceledException)
        {
            foreach (var link in Links())
            {
                link.Post(new LinkEvent.PublishCancelled(publish));
            }

            throw;
        }
    }

    /// <summary>The machine's addresses or routes changed: sockets must prove themselves, and waits are over.</summary>
    public void NetworkChanged() => PostAll(new LinkEvent.NetworkChanged());

    /// <summary>Closes the connection: subscriptions end with <see cref="RelayError.Closed"/>, and nothing of it runs any more when this is done.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (_isDisposed)
            {
                return;
            }

            _isDisposed = true;
        }

        _suspend?.Dispose();
        await Task.WhenAll(Links().Select(static link => link.DisposeAsync().AsTask())).ConfigureAwait(false);
    }

    /// <summary>The process was frozen or the machine slept.</summary>
    internal void Resumed(Suspension suspension)
    {
        _clock.Resumed(suspension);
        PostAll(new LinkEvent.Resumed());
    }

    internal void Attach(SubscriptionQueue queue, IReadOnlyList<NostrFilter> filters, NostrKey? key)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            Attach(queue, filters, key, LinkFor(key));
        }
    }

    internal void Detach(SubscriptionQueue queue)
    {
        lock (_gate)
        {
            if (_subscriptions.Remove(queue, out var found))
            {
                found.Link.Post(new LinkEvent.Unsubscribed(found.Subscription));
            }
        }
    }

    private void Attach(SubscriptionQueue queue, IReadOnlyList<NostrFilter> filters, NostrKey? key, RelayLink? link)
    {
        if (link is null)
        {
            queue.End(Relay, new RelayException(RelayError.TooManyKeys, Relay, $"{Relay} honours one key per connection, and {_keyLinks.Count} connections for keys are open."));
            return;
        }

        var subscription = new LinkSubscription(queue, Relay, filters, key);
        _subscriptions[queue] = (link, subscription);
        link.Post(new LinkEvent.Subscribed(subscription));
    }

    private void Hand(PendingPublish publish)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (LinkFor(publish.Key) is { } link)
            {
                link.Post(new LinkEvent.Published(publish));
            }
            else
            {
                publish.Finish(new RelayPublishOutcome(Relay, RelayPublishStatus.Rejected, RelayReason.AuthRequired, "too many keys for this relay, which honours one per connection"));
            }
        }
    }

    /// <summary>The link that speaks for this key; null when there are as many as may be.</summary>
    private RelayLink? LinkFor(NostrKey? key)
    {
        if (key is null || _keptKey is null || _keptKey == key.PublicKey)
        {
            return _main;
        }

        if (_keyLinks.TryGetValue(key.PublicKey, out var link))
        {
            return link;
        }

        if (_keyLinks.Count >= _options.MaxKeyConnections)
        {
            _health.Raise(RelayHealth.TooManyKeys, $"{Relay} honours one key per connection, and {_keyLinks.Count} connections for keys are open; further keys are refused.");
            return null;
        }

        return _keyLinks[key.PublicKey] = NewLink();
    }

    private RelayLink NewLink(Action<RelayPhase>? onPhase = null)
    {
        var link = new RelayLink(Relay, _options, _clock, _verified, _health, new Random(_random.Next()), Move) { OnPhase = onPhase };
        link.Post(new LinkEvent.Started());
        return link;
    }

    /// <summary>Completed while there is a connection; a new one otherwise.</summary>
    private void SignalPhase(RelayPhase phase)
    {
        if (phase == RelayPhase.Open)
        {
            _opened.TrySetResult();
        }
        else if (_opened.Task.IsCompleted && phase != RelayPhase.Closed)
        {
            Volatile.Write(ref _opened, new(TaskCreationOptions.RunContinuationsAsynchronously));
        }
    }

    private void Move(LinkEffect.MoveKey move)
    {
        lock (_gate)
        {
            if (_isDisposed)
            {
                return;
            }

            _keptKey ??= move.Kept.PublicKey;
            foreach (var subscription in move.Subscriptions.Where(subscription => _subscriptions.ContainsKey(subscription.Queue)))
            {
                Attach(subscription.Queue, subscription.Filters, subscription.Key, LinkFor(subscription.Key));
            }
        }

        foreach (var publish in move.Publishes)
        {
            Hand(publish);
        }
    }

    private List<RelayLink> Links()
    {
        lock (_gate)
        {
            return [_main, .. _keyLinks.Values];
        }
    }

    private void PostAll(LinkEvent occurred)
    {
        foreach (var link in Links())
        {
            link.Post(occurred);
        }
    }
}
