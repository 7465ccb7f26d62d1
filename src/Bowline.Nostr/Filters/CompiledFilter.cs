namespace Bowline.Nostr;

/// <summary>
/// A filter made ready to be asked often: long lists become sets, and an answer allocates nothing. It answers exactly as
/// <see cref="NostrFilter.Matches"/> does. Thread-safe.
/// </summary>
public sealed class CompiledFilter
{
    private readonly ValueSet<EventId>? _ids;
    private readonly ValueSet<NostrPublicKey>? _authors;
    private readonly ValueSet<int>? _kinds;
    private readonly (char Letter, ValueSet<string> Values)[] _tags;
    private readonly long _since;
    private readonly long _until;

    /// <summary>Makes a filter ready; it is copied.</summary>
    public CompiledFilter(NostrFilter filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        Source = filter;
        _ids = filter.Ids is { } ids ? new(ids) : null;
        _authors = filter.Authors is { } authors ? new(authors) : null;
        _kinds = filter.Kinds is { } kinds ? new(kinds) : null;
        _tags = [.. filter.Tags.Select(static tag => (tag.Key, new ValueSet<string>(tag.Value)))];
        _since = filter.Since ?? long.MinValue;
        _until = filter.Until ?? long.MaxValue;
    }

    /// <summary>The filter it was made from.</summary>
    public NostrFilter Source { get; }

    /// <summary>True when the event meets every condition but limit and search, which are for stores.</summary>
    public bool Matches(NostrEvent value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return value.CreatedAt >= _since
            && value.CreatedAt <= _until
            && (_kinds is null || _kinds.Contains(value.Kind))
            && (_authors is null || _authors.Contains(value.PublicKey))
            && (_ids is null || _ids.Contains(value.Id))
            && MatchesTags(value.Tags);
    }

    private bool MatchesTags(IReadOnlyList<NostrTag> tags)
    {
        foreach (var (letter, values) in _tags)
        {
            if (!HasOne(tags, letter, values))
            {
                return false;
            }
        }

        return true;
    }

    private static bool HasOne(IReadOnlyList<NostrTag> tags, char letter, ValueSet<string> values)
    {
        for (var i = 0; i < tags.Count; i++)
        {
            if (tags[i].IndexedLetter == letter && values.Contains(tags[i].Value!))
            {
                return true;
            }
        }

        return false;
    }
}
