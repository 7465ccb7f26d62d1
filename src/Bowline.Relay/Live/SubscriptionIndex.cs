using Bowline.Nostr;

namespace Bowline.Relay;

/// <summary>
/// Which of many subscriptions want an event, at a cost that grows with those that do: every filter stands under each value of its most
/// selective condition, and what is found there is asked again in full. Thread-safe.
/// </summary>
internal sealed class SubscriptionIndex<T>
    where T : class
{
    [ThreadStatic]
    private static List<Entry>? _candidates;

    private readonly Lock _lock = new();
    private readonly Dictionary<EventId, Bucket> _ids = [];
    private readonly Dictionary<NostrPublicKey, Bucket> _authors = [];
    private readonly Dictionary<(char Letter, string Value), Bucket> _tags = [];
    private readonly Dictionary<int, Bucket> _kinds = [];
    private readonly HashSet<Entry> _others = [];
    private readonly Dictionary<T, Entry[]> _entries = [];

    private enum Condition
    {
        None,
        Ids,
        Tags,
        Authors,
        Kinds,
    }

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _entries.Count;
            }
        }
    }

    /// <summary>True when nothing is left behind; for tests.</summary>
    public bool IsEmpty
    {
        get
        {
            lock (_lock)
            {
                return _ids.Count + _authors.Count + _tags.Count + _kinds.Count + _others.Count + _entries.Count == 0;
            }
        }
    }

    public void Add(T subscriber, IReadOnlyList<NostrFilter> filters)
    {
        var entries = new Entry[filters.Count];
        for (var i = 0; i < entries.Length; i++)
        {
            entries[i] = new(subscriber, filters[i]);
        }

        lock (_lock)
        {
            _entries.Add(subscriber, entries);
            foreach (var entry in entries)
            {
                Place(entry);
            }
        }
    }

    public void Remove(T subscriber)
    {
        lock (_lock)
        {
            if (_entries.Remove(subscriber, out var entries))
            {
                foreach (var entry in entries)
                {
                    Displace(entry);
                }
            }
        }
    }

    /// <summary>Adds every subscriber that wants the event to the list, once.</summary>
    public void Match(NostrEvent value, List<T> found)
    {
        var candidates = _candidates ??= [];
        lock (_lock)
        {
            if (_entries.Count == 0)
            {
                return;
            }

            Collect(value, candidates);
        }

        // A subscriber with several filters, or an event with several of the wanted tags, comes up several times.
        var seen = candidates.Count > 1 ? new HashSet<T>(candidates.Count) : null;
        foreach (var entry in candidates)
        {
            if ((seen is null || !seen.Contains(entry.Subscriber)) && entry.Filter.Matches(value))
            {
                _ = seen?.Add(entry.Subscriber);
                found.Add(entry.Subscriber);
            }
        }

        candidates.Clear();
    }

    private void Collect(NostrEvent value, List<Entry> candidates)
    {
        candidates.AddRange(_others);
        Collect(_ids, value.Id, candidates);
        Collect(_authors, value.PublicKey, candidates);
        Collect(_kinds, value.Kind, candidates);
        if (_tags.Count == 0)
        {
            return;
        }

        for (var i = 0; i < value.Tags.Count; i++)
        {
            if (value.Tags[i].IndexedLetter is { } letter)
            {
                Collect(_tags, (letter, value.Tags[i].Value!), candidates);
            }
        }
    }

    private static void Collect<TKey>(Dictionary<TKey, Bucket> buckets, TKey key, List<Entry> candidates)
        where TKey : notnull
    {
        if (buckets.TryGetValue(key, out var bucket))
        {
            bucket.AddTo(candidates);
        }
    }

    private void Place(Entry entry)
    {
        var filter = entry.Filter.Source;
        switch (entry.Condition)
        {
            case Condition.Ids:
                Place(_ids, filter.Ids!, entry);
                break;
            case Condition.Authors:
                Place(_authors, filter.Authors!, entry);
                break;
            case Condition.Tags:
                Place(_tags, [.. filter.Tags[entry.Letter].Select(value => (entry.Letter, value))], entry);
                break;
            case Condition.Kinds:
                Place(_kinds, filter.Kinds!, entry);
                break;
            default:
                _ = _others.Add(entry);
                break;
        }
    }

    private void Displace(Entry entry)
    {
        var filter = entry.Filter.Source;
        switch (entry.Condition)
        {
            case Condition.Ids:
                Displace(_ids, filter.Ids!, entry);
                break;
            case Condition.Authors:
                Displace(_authors, filter.Authors!, entry);
                break;
            case Condition.Tags:
                Displace(_tags, [.. filter.Tags[entry.Letter].Select(value => (entry.Letter, value))], entry);
                break;
            case Condition.Kinds:
                Displace(_kinds, filter.Kinds!, entry);
                break;
            default:
                _ = _others.Remove(entry);
                break;
        }
    }

    private static void Place<TKey>(Dictionary<TKey, Bucket> buckets, IReadOnlyList<TKey> keys, Entry entry)
        where TKey : notnull
    {
        foreach (var key in keys)
        {
            if (!buckets.TryGetValue(key, out var bucket))
            {
                buckets[key] = bucket = new Bucket();
            }

            bucket.Add(entry);
        }
    }

    private static void Displace<TKey>(Dictionary<TKey, Bucket> buckets, IReadOnlyList<TKey> keys, Entry entry)
        where TKey : notnull
    {
        foreach (var key in keys)
        {
            if (buckets.TryGetValue(key, out var bucket) && bucket.Remove(entry))
            {
                _ = buckets.Remove(key);
            }
        }
    }

    private sealed class Entry
    {
        public Entry(T subscriber, NostrFilter filter)
        {
            Subscriber = subscriber;
            Filter = new(filter);
            (Condition, Letter) = Choose(filter);
        }

        public T Subscriber { get; }

        public CompiledFilter Filter { get; }

        public Condition Condition { get; }

        public char Letter { get; }

        /// <summary>The fewest values win; of as many, ids before tags before authors. Kinds are shared by many, so they come last.</summary>
        private static (Condition Condition, char Letter) Choose(NostrFilter filter)
        {
            (Condition Condition, char Letter) best = (filter.Kinds is null ? Condition.None : Condition.Kinds, '\0');
            var fewest = int.MaxValue;
            if (filter.Ids is { } ids)
            {
                best = (Condition.Ids, '\0');
                fewest = ids.Count;
            }

            foreach (var (letter, values) in filter.Tags)
            {
                if (values.Count < fewest)
                {
                    best = (Condition.Tags, letter);
                    fewest = values.Count;
                }
            }

            return filter.Authors is { } authors && authors.Count < fewest ? (Condition.Authors, '\0') : best;
        }
    }

    /// <summary>One entry is the common case and needs no set.</summary>
    private sealed class Bucket
    {
        private Entry? _single;
        private HashSet<Entry>? _many;

        public void Add(Entry entry)
        {
            if (_many is not null)
            {
                _ = _many.Add(entry);
            }
            else if (_single is null || _single == entry)
            {
                _single = entry;
            }
            else
            {
                _many = [_single, entry];
                _single = null;
            }
        }

        /// <summary>True when nothing is left.</summary>
        public bool Remove(Entry entry)
        {
            if (_many is not null)
            {
                _ = _many.Remove(entry);
                return _many.Count == 0;
            }

            _single = _single == entry ? null : _single;
            return _single is null;
        }

        public void AddTo(List<Entry> candidates)
        {
            if (_many is not null)
            {
                candidates.AddRange(_many);
            }
            else if (_single is not null)
            {
                candidates.Add(_single);
            }
        }
    }
}
