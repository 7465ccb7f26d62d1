using System.Buffers;
using Bowline.Nostr;

namespace Bowline.Relay;

/// <summary>
/// One REQ. It is registered for live events before its query runs; those that come meanwhile wait until EOSE, and an event is sent by the
/// query or live, never by both. Thread-safe.
/// </summary>
internal sealed class Subscription
{
    // So many live events may wait for a query; more come only when the store is stuck.
    private const int MostWaiting = 4096;

    private readonly Lock _lock = new();
    private ISubscriber? _subscriber;
    private OrderedDictionary<EventId, LiveEvent>? _waiting;
    private HashSet<EventId>? _expected;
    private bool _querying = true;
    private CancellationTokenSource? _query;
    private bool _ended;

    public Subscription(string id, IReadOnlyList<NostrFilter> filters)
    {
        Id = id;
        Filters = filters;
        LiveFilters = filters.All(static filter => filter.Search is null) ? filters : [.. filters.Where(static filter => filter.Search is null)];
        StoredFilters = filters.All(CanBeStored) ? filters : [.. filters.Where(CanBeStored)];
        var head = new ArrayBufferWriter<byte>(16 + id.Length);
        RelayMessageWriter.WriteEvent(head, id, []);
        Head = head.WrittenSpan[..^1].ToArray();
    }

    public string Id { get; }

    public IReadOnlyList<NostrFilter> Filters { get; }

    /// <summary>Filters for events to come: only a store can tell what a search finds.</summary>
    public IReadOnlyList<NostrFilter> LiveFilters { get; }

    /// <summary>Filters the store is asked for; those that want nothing stored are left out.</summary>
    public IReadOnlyList<NostrFilter> StoredFilters { get; }

    /// <summary><c>["EVENT","id",</c></summary>
    public ReadOnlyMemory<byte> Head { get; }

    /// <summary>Begins: from here on live events are kept.</summary>
    public void Attach(ISubscriber subscriber) => _subscriber = subscriber;

    /// <summary>The query begins: its source is cancelled at the end of the subscription. Its owner takes it back by <see cref="EndQuery"/>.</summary>
    public void BeginQuery(CancellationTokenSource query)
    {
        lock (_lock)
        {
            _query = query;
            if (_ended)
            {
                query.Cancel();
            }
        }
    }

    /// <summary>The query's source is not touched after this.</summary>
    public void EndQuery()
    {
        lock (_lock)
        {
            _query = null;
        }
    }

    /// <summary>The query found an event.</summary>
    public void DeliverStored(in StoredEvent value, InFlight inFlight)
    {
        lock (_lock)
        {
            if (_ended)
            {
                return;
            }

            // Either it came by live already, or it may still come, or nobody will ever bring it again.
            if (_waiting?.Remove(value.Id) is not true && inFlight.Contains(value.Id))
            {
                _ = (_expected ??= []).Add(value.Id);
            }

            _subscriber!.Post(this, value.Json, hasRoom: true);
        }
    }

    /// <summary>The query is over: EOSE, then what came meanwhile.</summary>
    public void EndOfStored(long unixSeconds)
    {
        lock (_lock)
        {
            if (_ended)
            {
                return;
            }

            _subscriber!.Post(new RelayEndOfStoredMessage(Id));
            _querying = false;
            foreach (var live in _waiting?.Values ?? Enumerable.Empty<LiveEvent>())
            {
                if (EventRules.ExpiresAt(live.Event) > unixSeconds)
                {
                    _subscriber.Post(this, live.Json, hasRoom: false);
                }
            }

            _waiting = null;
        }
    }

    /// <summary>An event came that one of the filters wants.</summary>
    public bool DeliverLive(LiveEvent live)
    {
        if (!_subscriber!.Audience.Sees(live.Event))
        {
            return false;
        }

        lock (_lock)
        {
            if (_ended || _expected?.Remove(live.Event.Id) is true)
            {
                return false;
            }

            if (!_querying)
            {
                _subscriber.Post(this, live.Json, hasRoom: false);
                return true;
            }

            if (_waiting?.Count >= MostWaiting)
            {
                _subscriber.Overflow();
                return false;
            }

            return (_waiting ??= []).TryAdd(live.Event.Id, live);
        }
    }

    /// <summary>Nothing is sent for it after this.</summary>
    public void End()
    {
        lock (_lock)
        {
            _ended = true;
            _waiting = null;
            _expected = null;
            _query?.Cancel();
        }
    }

    private static bool CanBeStored(NostrFilter filter) =>
        filter.Limit != 0 && (filter.Kinds is not { } kinds || kinds.Any(static kind => NostrKind.ClassOf(kind) != KindClass.Ephemeral));
}
