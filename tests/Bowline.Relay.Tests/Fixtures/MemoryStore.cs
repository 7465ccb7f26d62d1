using System.Runtime.CompilerServices;
using Bowline.Nostr;

namespace Bowline.Relay.Tests;

/// <summary>Keeps events in a list and asks <see cref="NostrFilter.Matches"/>: slow, and plainly right. Can be held and made to fail.</summary>
internal sealed class MemoryStore : IEventStore
{
    private readonly Lock _lock = new();
    private readonly List<(NostrEvent Event, ReadOnlyMemory<byte> Json)> _events = [];

    public bool SupportsSearch { get; init; }

    /// <summary>What an add waits for before it is committed.</summary>
    public Func<Task> BeforeCommit { get; set; } = static () => Task.CompletedTask;

    /// <summary>What an add waits for after it is committed, before it is answered.</summary>
    public Func<NostrEvent, Task> AfterCommit { get; set; } = static _ => Task.CompletedTask;

    /// <summary>What a query waits for before it looks.</summary>
    public Func<Task> BeforeQuery { get; set; } = static () => Task.CompletedTask;

    /// <summary>What a query waits for before it ends.</summary>
    public Func<Task> AfterQuery { get; set; } = static () => Task.CompletedTask;

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _events.Count;
            }
        }
    }

    public async ValueTask<StoreOutcome> AddAsync(NostrEvent value, ReadOnlyMemory<byte> json, CancellationToken cancellationToken)
    {
        await BeforeCommit();
        StoreOutcome outcome;
        lock (_lock)
        {
            outcome = Add(value, json);
        }

        await AfterCommit(value);
        return outcome;
    }

    public async IAsyncEnumerable<StoredEvent> QueryAsync(
        IReadOnlyList<NostrFilter> filters, Audience audience, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await BeforeQuery();
        List<(NostrEvent Event, ReadOnlyMemory<byte> Json)> found = [];
        lock (_lock)
        {
            foreach (var filter in filters)
            {
                found.AddRange(Sorted(_events.Where(entry => filter.Matches(entry.Event) && audience.Sees(entry.Event) && Finds(filter, entry.Event))).Take(filter.Limit!.Value));
            }
        }

        foreach (var (value, json) in Sorted(found.DistinctBy(static entry => entry.Event.Id)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return new(value.Id, value.PublicKey, value.CreatedAt, value.Kind, json);
        }

        await AfterQuery();
    }

    public ValueTask<long> CountAsync(IReadOnlyList<NostrFilter> filters, Audience audience, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return new(_events.Count(entry => audience.Sees(entry.Event) && filters.Any(filter => filter.Matches(entry.Event))));
        }
    }

    public ValueTask DisposeAsync() => default;

    private static bool Finds(NostrFilter filter, NostrEvent value) => filter.Search is not { } text || value.Content.Contains(text, StringComparison.Ordinal);

    private static IEnumerable<(NostrEvent Event, ReadOnlyMemory<byte> Json)> Sorted(IEnumerable<(NostrEvent Event, ReadOnlyMemory<byte> Json)> events) =>
        events.OrderByDescending(static entry => entry.Event.CreatedAt).ThenBy(static entry => entry.Event.Id);

    private StoreOutcome Add(NostrEvent value, ReadOnlyMemory<byte> json)
    {
        if (_events.Exists(entry => entry.Event.Id == value.Id))
        {
            return StoreOutcome.Duplicate;
        }

        if (_events.Exists(entry => entry.Event.Kind == NostrKind.Deletion && entry.Event.PublicKey == value.PublicKey && entry.Event.Tags.Any(tag => tag.Name == "e" && tag.Value == value.Id.ToString())))
        {
            return StoreOutcome.Deleted;
        }

        if (value.Class is KindClass.Replaceable or KindClass.Addressable)
        {
            var d = value.Class == KindClass.Addressable ? value.TagValue("d") ?? "" : null;
            var old = _events.FindIndex(entry => entry.Event.Kind == value.Kind && entry.Event.PublicKey == value.PublicKey && (d is null || (entry.Event.TagValue("d") ?? "") == d));
            if (old >= 0)
            {
                var there = _events[old].Event;
                if (there.CreatedAt > value.CreatedAt || (there.CreatedAt == value.CreatedAt && there.Id < value.Id))
                {
                    return StoreOutcome.Superseded;
                }

                _events.RemoveAt(old);
            }
        }

        if (value.Kind == NostrKind.Deletion)
        {
            var ids = value.Tags.Where(static tag => tag.Name == "e").Select(static tag => tag.Value!).ToHashSet();
            _ = _events.RemoveAll(entry => entry.Event.PublicKey == value.PublicKey && ids.Contains(entry.Event.Id.ToString()));
        }

        _events.Add((value, json));
        return StoreOutcome.Stored;
    }
}
