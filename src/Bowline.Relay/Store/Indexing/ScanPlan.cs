using Bowline.Nostr;

namespace Bowline.Relay.Indexing;

/// <summary>
/// How a filter is answered: one index to walk, newest first, and what is left to check on each entry. The walk reads at most limit entries
/// per value of the chosen list unless the rest refuses some; there is always an index, so no filter reads the whole table.
/// </summary>
internal sealed class ScanPlan
{
    private ScanPlan(NostrFilter filter, ScanKind kind, char tag)
    {
        Kind = kind;
        Since = Math.Max(0, filter.Since ?? 0); // No event is older, and PostgreSQL reads the smallest number there is as something else.
        Until = filter.Until ?? long.MaxValue;
        Limit = filter.Limit ?? int.MaxValue;
        Ids = Distinct(filter.Ids);
        Authors = Distinct(filter.Authors);
        Kinds = Distinct(filter.Kinds);
        Words = filter.Search is { } search ? SearchWords.OfSearch(search) : null;
        Tags = [.. filter.Tags
            .OrderByDescending(condition => condition.Key == tag)
            .Select(condition => (IReadOnlyList<IndexKey>)[.. condition.Value.Distinct(StringComparer.Ordinal).Select(value => IndexKey.OfTag(condition.Key, value))])];
        if (Words is { Count: 0 } || Since > Until || Limit == 0)
        {
            Kind = ScanKind.Nothing;
        }
    }

    public ScanKind Kind { get; }

    public long Since { get; }

    public long Until { get; }

    public int Limit { get; }

    public IReadOnlyList<EventId>? Ids { get; }

    public IReadOnlyList<NostrPublicKey>? Authors { get; }

    public IReadOnlyList<int>? Kinds { get; }

    public IReadOnlyList<string>? Words { get; }

    /// <summary>Keys of each tag condition; with <see cref="ScanKind.Tag"/> the first is the one that is walked.</summary>
    public IReadOnlyList<IReadOnlyList<IndexKey>> Tags { get; }

    /// <summary>The tag conditions that the walk itself does not answer.</summary>
    public IEnumerable<IReadOnlyList<IndexKey>> TagsToCheck => Kind == ScanKind.Tag ? Tags.Skip(1) : Tags;

    /// <summary>True when the walk does not answer the condition on ids.</summary>
    public bool ChecksIds => Ids is not null && Kind != ScanKind.Ids;

    /// <summary>True when the walk does not answer the condition on authors.</summary>
    public bool ChecksAuthors => Authors is not null && Kind is not (ScanKind.AuthorKind or ScanKind.Author);

    /// <summary>True when the walk does not answer the condition on kinds.</summary>
    public bool ChecksKinds => Kinds is not null && Kind is not (ScanKind.AuthorKind or ScanKind.Kind);

    public static ScanPlan For(NostrFilter filter, Audience audience)
    {
        ArgumentNullException.ThrowIfNull(filter);
        filter = Narrow(filter, audience);
        var (kind, tag) = Choose(filter);
        return new(filter, kind, tag);
    }

    // What the audience may not see is better not walked over at all.
    private static NostrFilter Narrow(NostrFilter filter, Audience audience)
    {
        if (audience.SeesAll || filter.Kinds is not { } kinds || !kinds.Any(Audience.IsPrivate))
        {
            return filter;
        }

        if (audience.Keys.Count == 0)
        {
            return filter with { Kinds = [.. kinds.Where(static kind => !Audience.IsPrivate(kind))] };
        }

        return kinds.All(static kind => kind == NostrKind.GiftWrap) && !filter.Tags.ContainsKey('p')
            ? filter with { Tags = new Dictionary<char, IReadOnlyList<string>>(filter.Tags) { ['p'] = [.. audience.Keys.Select(static key => key.ToString())] } }
            : filter;
    }

    private static (ScanKind Kind, char Tag) Choose(NostrFilter filter)
    {
        if (filter.Ids is { Count: 0 } || filter.Authors is { Count: 0 } || filter.Kinds is { Count: 0 } || filter.Tags.Any(condition => condition.Value.Count == 0))
        {
            return (ScanKind.Nothing, default);
        }

        // Only the index of words can say which events have them.
        if (filter.Search is not null)
        {
            return (ScanKind.Search, default);
        }

        if (filter.Ids is not null)
        {
            return (ScanKind.Ids, default);
        }

        // A few authors have written less than stands under a tag; a long list of them has not.
        var tag = filter.Tags.Count == 0 ? default : filter.Tags.MinBy(condition => (condition.Value.Count, Common(condition.Key), condition.Key)).Key;
        if (filter.Authors is { } authors && (filter.Tags.Count == 0 || authors.Count <= filter.Tags[tag].Count))
        {
            return (filter.Kinds is null ? ScanKind.Author : ScanKind.AuthorKind, default);
        }

        return filter.Tags.Count > 0 ? (ScanKind.Tag, tag) : filter.Kinds is not null ? (ScanKind.Kind, default) : (ScanKind.Time, default);
    }

    // Topics and languages are under more events than a reference to one event or a name.
    private static int Common(char letter) => letter switch { 'd' or 'e' or 'a' => 0, 't' or 'l' or 'L' or 'k' => 2, _ => 1 };

    private static IReadOnlyList<T>? Distinct<T>(IReadOnlyList<T>? values) => values is { Count: > 1 } ? [.. values.Distinct()] : values;
}
