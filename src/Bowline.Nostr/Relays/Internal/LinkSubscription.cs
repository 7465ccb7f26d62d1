namespace Bowline.Nostr;

/// <summary>One user's subscription on one socket, as the machine sees it.</summary>
internal sealed class LinkSubscription
{
    public LinkSubscription(SubscriptionQueue queue, Uri relay, IReadOnlyList<NostrFilter> filters, NostrKey? key)
    {
        Queue = queue;
        Relay = relay;
        Key = key;
        IsLimited = filters.Any(static filter => filter.Limit is not null || filter.Search is not null);
        Members = [.. filters.Select(filter => new FilterMember(this, filter))];
    }

    public SubscriptionQueue Queue { get; }

    public Uri Relay { get; }

    public NostrKey? Key { get; }

    /// <summary>A limit counts per filter, and a search is for the relay to judge: such a subscription is asked for alone.</summary>
    public bool IsLimited { get; }

    public IReadOnlyList<FilterMember> Members { get; }

    public IReadOnlyList<NostrFilter> Filters => [.. Members.Select(static member => member.Filter)];

    /// <summary>The end of the stored events was told.</summary>
    public bool IsStored { get; set; }

    public bool IsEnded { get; set; }

    /// <summary>All that was stored has arrived, for every filter.</summary>
    public bool HasAllStored => Members.All(static member => member.IsSettled || member.IsVacuous);
}
