namespace Bowline.Nostr;

/// <summary>One filter of one subscription, and how far its events have been received.</summary>
internal sealed class FilterMember(LinkSubscription owner, NostrFilter filter)
{
    private readonly CompiledFilter _compiled = new(filter);

    public LinkSubscription Owner { get; } = owner;

    public NostrFilter Filter { get; } = filter;

    /// <summary>A condition with an empty list: there is nothing to ask for.</summary>
    public bool IsVacuous { get; } = filter is { Ids.Count: 0 } or { Authors.Count: 0 } or { Kinds.Count: 0 } || filter.Tags.Any(static tag => tag.Value.Count == 0);

    /// <summary>The open requests that ask for it; none while it waits.</summary>
    public List<OpenRequest> Requests { get; } = [];

    /// <summary>All that was stored when it was first asked for has arrived.</summary>
    public bool IsSettled { get; set; }

    /// <summary>When that was.</summary>
    public long SettledAt { get; private set; }

    /// <summary>The newest time of events up to which nothing is missing; null when none was seen.</summary>
    public long? Position { get; private set; }

    /// <summary>Members of different groups are not merged: how a request that was refused is taken apart.</summary>
    public int Group { get; set; }

    /// <summary>Waits for a key to be proven.</summary>
    public bool IsParked { get; set; }

    /// <summary>Asks again at this time.</summary>
    public TimeSpan? NotBefore { get; set; }

    /// <summary>How often it was told to come back later, in a row.</summary>
    public int Refusals { get; set; }

    public bool Wants(NostrEvent value) => !Owner.IsEnded && _compiled.Matches(value);

    /// <summary>The time to ask from.</summary>
    public long? Since(TimeSpan overlap) => Position is { } position
        ? Math.Max(position - (long)OverlapFor(overlap).TotalSeconds, Filter.Since ?? 0)
        : Owner.IsLimited && IsSettled ? Math.Max(SettledAt, Filter.Since ?? 0) : Filter.Since;

    public void Settle(long now)
    {
        if (!IsSettled)
        {
            IsSettled = true;
            SettledAt = now;
        }

        Refusals = 0;
    }

    /// <summary>Leaves its requests. What they have seen counts only when none of them still owes stored events, which come newest first.</summary>
    public void Leave()
    {
        if (Requests.Count > 0 && Requests.All(static request => request.IsStored))
        {
            foreach (var request in Requests)
            {
                Position = request.Newest > (Position ?? long.MinValue) ? request.Newest : Position;
            }
        }

        foreach (var request in Requests)
        {
            request.Remove(this);
        }

        Requests.Clear();
    }

    private TimeSpan OverlapFor(TimeSpan overlap) =>
        Filter.Authors is null && (Filter.Kinds is null || Filter.Kinds.Contains(NostrKind.GiftWrap)) ? overlap + TimeSpan.FromSeconds(GiftWrapper.MaxAgeSeconds) : overlap;
}
