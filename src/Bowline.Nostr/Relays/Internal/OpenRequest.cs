namespace Bowline.Nostr;

/// <summary>One REQ, and the members it speaks for, found by what their filters differ in.</summary>
internal sealed class OpenRequest(string id, bool isLimited)
{
    private readonly Dictionary<NostrPublicKey, List<FilterMember>> _byAuthor = [];
    private readonly Dictionary<string, List<FilterMember>> _byAddressee = new(StringComparer.Ordinal);
    private readonly List<FilterMember> _others = [];
    private readonly HashSet<FilterMember> _members = [];

    public string Id { get; } = id;

    public List<NostrFilter> Filters { get; } = [];

    /// <summary>Speaks for one subscription with a limit or a search, and is never merged.</summary>
    public bool IsLimited { get; } = isLimited;

    public IReadOnlyCollection<FilterMember> Members => _members;

    /// <summary>How many members there were.</summary>
    public int Initial { get; private set; }

    /// <summary>The relay has sent all it had stored.</summary>
    public bool IsStored { get; set; }

    public bool IsSent { get; set; }

    /// <summary>Every key of its members had been proven when it was sent.</summary>
    public bool WasProven { get; set; }

    /// <summary>The newest time of an event, never later than now: a wrong clock must not hide what follows.</summary>
    public long? Newest { get; private set; }

    public bool IsKeyed => _members.FirstOrDefault()?.Owner.Key is not null;

    public void Saw(long createdAt, long now) => Newest = Math.Max(Newest ?? 0, Math.Min(createdAt, now));

    public void Add(WireFilter filter)
    {
        Filters.Add(filter.Filter);
        foreach (var (member, value) in filter.Members)
        {
            switch (value)
            {
                case NostrPublicKey author:
                    Index(_byAuthor, author, member);
                    break;
                case string addressee:
                    Index(_byAddressee, addressee, member);
                    break;
                default:
                    _others.Add(member);
                    break;
            }

            if (_members.Add(member))
            {
                member.Requests.Add(this);
            }
        }

        Initial = _members.Count;
    }

    /// <summary>Forgets a member; the request goes on asking for it until it is closed.</summary>
    public void Remove(FilterMember member) => _members.Remove(member);

    /// <summary>The subscriptions that want an event, each once.</summary>
    public List<LinkSubscription> Wanting(NostrEvent value)
    {
        List<LinkSubscription> wanting = [];
        Collect(wanting, _others, value);
        if (_byAuthor.TryGetValue(value.PublicKey, out var byAuthor))
        {
            Collect(wanting, byAuthor, value);
        }

        if (_byAddressee.Count > 0)
        {
            foreach (var tag in value.Tags)
            {
                if (tag.IndexedLetter == 'p' && _byAddressee.TryGetValue(tag.Value!, out var addressed))
                {
                    Collect(wanting, addressed, value);
                }
            }
        }

        return wanting;
    }

    private static void Index<T>(Dictionary<T, List<FilterMember>> index, T value, FilterMember member)
        where T : notnull
    {
        if (!index.TryGetValue(value, out var members))
        {
            index[value] = members = [];
        }

        members.Add(member);
    }

    // A subscription that is found twice gets the event twice, and drops the second by its id.
    private void Collect(List<LinkSubscription> wanting, List<FilterMember> members, NostrEvent value)
    {
        foreach (var member in members)
        {
            if (_members.Contains(member) && member.Wants(value))
            {
                wanting.Add(member.Owner);
            }
        }
    }
}
