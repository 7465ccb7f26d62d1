namespace Bowline.Nostr;

/// <summary>The values of one condition: a short list is searched through, a long one is a set.</summary>
internal sealed class ValueSet<T>
{
    // A few comparisons, most of which differ in the first word, cost no more than one hash.
    private const int LongestList = 4;

    private readonly T[]? _list;
    private readonly HashSet<T>? _set;
    private readonly IEqualityComparer<T> _comparer;

    public ValueSet(IReadOnlyList<T> values, IEqualityComparer<T>? comparer)
    {
        _comparer = comparer ?? EqualityComparer<T>.Default;
        if (values.Count <= LongestList)
        {
            _list = [.. values];
        }
        else
        {
            _set = new(values, comparer);
        }
    }

    public bool Contains(T value)
    {
        if (_set is not null)
        {
            return _set.Contains(value);
        }

        foreach (var item in _list!)
        {
            if (_comparer.Equals(item, value))
            {
                return true;
            }
        }

        return false;
    }
}
