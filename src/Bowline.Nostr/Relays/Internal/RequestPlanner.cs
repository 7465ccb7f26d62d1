namespace Bowline.Nostr;

/// <summary>Packs filters into as few REQs as needed: one each while the relay allows it, else several in one up to its limits.</summary>
internal sealed class RequestPlanner(TimeSpan overlap, Func<string> nextId)
{
    // ["REQ","...64 characters...", and the closing bracket.
    private const int Frame = 80;

    /// <summary>Requests for all the members; more than slots when the limits leave no other way.</summary>
    /// <param name="members">Whom to ask for, in the order of their coming.</param>
    /// <param name="slots">How many requests may be opened.</param>
    /// <param name="limits">The relay's limits.</param>
    /// <param name="now">Unix seconds.</param>
    public List<List<WireFilter>> Plan(IReadOnlyCollection<FilterMember> members, int slots, RelayLimits limits, long now)
    {
        List<List<WireFilter>> plan = [];
        foreach (var subscription in members.Where(static member => member.Owner.IsLimited).Select(static member => member.Owner).Distinct())
        {
            plan.AddRange(Pack([.. FilterMerger.Alone(subscription, limits, overlap)], limits.MaxFilters, limits));
        }

        var merged = FilterMerger.Merge(members.Where(static member => !member.Owner.IsLimited), limits, overlap, now);

        // Requests with and without a key are answered differently, so they are not mixed.
        foreach (var kind in merged.GroupBy(static filter => (filter.Members[0].Member.Owner.Key is not null, filter.Members[0].Member.Group)))
        {
            List<WireFilter> filters = [.. kind];
            var left = Math.Max(1, slots - plan.Count);
            plan.AddRange(Pack(filters, Math.Min(limits.MaxFilters, (filters.Count + left - 1) / left), limits));
        }

        return plan;
    }

    public OpenRequest ToRequest(List<WireFilter> filters)
    {
        var request = new OpenRequest(nextId(), filters[0].Members[0].Member.Owner.IsLimited);
        foreach (var filter in filters)
        {
            request.Add(filter);
        }

        return request;
    }

    private static IEnumerable<List<WireFilter>> Pack(List<WireFilter> filters, int perRequest, RelayLimits limits)
    {
        List<WireFilter> packed = [];
        var length = Frame;
        foreach (var filter in filters)
        {
            if (packed.Count > 0 && (packed.Count == perRequest || length + filter.Length > limits.MaxMessageLength))
            {
                yield return packed;
                packed = [];
                length = Frame;
            }

            packed.Add(filter);
            length += filter.Length;
        }

        if (packed.Count > 0)
        {
            yield return packed;
        }
    }
}
