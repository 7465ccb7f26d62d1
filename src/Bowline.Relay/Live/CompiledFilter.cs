using Bowline.Nostr;

namespace Bowline.Relay;

/// <summary>A filter made ready to be asked often: lists of more than a few values become sets.</summary>
internal sealed class CompiledFilter
{
    // Below it a look through the list is quicker than a hash.
    private const int FewValues = 6;

    private readonly NostrFilter _filter;
    private readonly HashSet<EventId>? _ids;
    private readonly HashSet<NostrPublicKey>? _authors;
    private readonly HashSet<int>? _kinds;
    private readonly (char Letter, IReadOnlyCollection<string> Values)[] _tags;

    public CompiledFilter(NostrFilter filter)
    {
        _filter = filter;
        _ids = SetOf(filter.Ids);
        _authors = SetOf(filter.Authors);
        _kinds = SetOf(filter.Kinds);
        _tags = [.. filter.Tags.Select(static pair => (pair.Key, pair.Value.Count > FewValues ? new HashSet<string>(pair.Value, StringComparer.Ordinal) : (IReadOnlyCollection<string>)pair.Value))];
    }

    public NostrFilter Filter => _filter;

    public bool Matches(NostrEvent value) =>
        (_filter.Since is not { } since || value.CreatedAt >= since)
        && (_filter.Until is not { } until || value.CreatedAt <= until)
        && IsIn(_filter.Kinds, _kinds, value.Kind)
        && IsIn(_filter.Authors, _authors, value.PublicKey)
        && IsIn(_filter.Ids, _ids, value.Id)
        && MatchesTags(value.Tags);

    private bool MatchesTags(IReadOnlyList<NostrTag> tags)
    {
        foreach (var (letter, values) in _tags)
        {
            if (!HasAny(tags, letter, values))
            {
                return false;
            }
        }

        return true;
    }

    private static bool HasAny(IReadOnlyList<NostrTag> tags, char letter, IReadOnlyCollection<string> values)
    {
        for (var i = 0; i < tags.Count; i++)
        {
            if (tags[i].IndexedLetter == letter && (values is HashSet<string> set ? set.Contains(tags[i].Value!) : values.Contains(tags[i].Value!)))
            {
                return true;
            }
        }

        return false;
    }

    private static HashSet<T>? SetOf<T>(IReadOnlyList<T>? values) => values is { Count: > FewValues } ? [.. values] : null;

    private static bool IsIn<T>(IReadOnlyList<T>? list, HashSet<T>? set, T value)
        where T : IEquatable<T>
    {
        if (list is null)
        {
            return true;
        }

        if (set is not null)
        {
            return set.Contains(value);
        }

        for (var i = 0; i < list.Count; i++)
        {
            if (list[i].Equals(value))
            {
                return true;
            }
        }

        return false;
    }
}
