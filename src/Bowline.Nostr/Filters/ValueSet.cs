namespace Bowline.Nostr;

/// <summary>The values of one condition: a short list is searched through, a long one is a set. Texts compare by their characters.</summary>
internal sealed class ValueSet<T>
    where T : IEquatable<T>
{
    // A few comparisons, most of which differ in the first word, cost no more than one hash.
    private const int LongestList = 4;

    private readonly T[]? _list;
    private readonly HashSet<T>? _set;

    public ValueSet(IReadOnlyList<T> values)
    {
        if (values.Count <= LongestList)
        {
            _list = [.. values];
        }
        else
        {
            _set = [.. values];
        }
    }

    public bool Contains(T value) => _set?.Contains(value) ?? _list.AsSpan().Contains(value);
}
