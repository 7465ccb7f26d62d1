using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Bowline.Tunnel;

/// <summary>Name and value pairs in order, repetition kept: what HTTP has on the wire and dictionaries lose.</summary>
public sealed class TunnelHeaders : IReadOnlyList<KeyValuePair<string, string>>
{
    private readonly List<KeyValuePair<string, string>> _pairs = [];

    /// <inheritdoc/>
    public int Count => _pairs.Count;

    /// <inheritdoc/>
    public KeyValuePair<string, string> this[int index] => _pairs[index];

    /// <summary>Adds a pair at the end.</summary>
    public void Add(string name, string value) => _pairs.Add(new(name, value));

    /// <summary>Removes every pair of the name and adds one.</summary>
    public void Set(string name, string value)
    {
        Remove(name);
        Add(name, value);
    }

    /// <summary>Removes every pair of the name; true when there was one.</summary>
    public bool Remove(string name) => _pairs.RemoveAll(pair => pair.Key.Equals(name, StringComparison.OrdinalIgnoreCase)) > 0;

    /// <summary>The first value of the name.</summary>
    public bool TryGet(string name, [NotNullWhen(true)] out string? value)
    {
        foreach (var pair in _pairs)
        {
            if (pair.Key.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                value = pair.Value;
                return true;
            }
        }

        value = null;
        return false;
    }

    /// <summary>Removes everything.</summary>
    public void Clear() => _pairs.Clear();

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => _pairs.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
