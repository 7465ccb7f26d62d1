namespace Bowline.Nostr;

/// <summary>One tag of an event: a list of at least one string, the first of which is its name (NIP-01).</summary>
public sealed class NostrTag : IEquatable<NostrTag>
{
    private readonly string[] _values;

    /// <summary>Makes a tag.</summary>
    /// <param name="values">Name, value and whatever follows; kept, not copied.</param>
    /// <exception cref="ArgumentException">No string at all.</exception>
    public NostrTag(params string[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        _values = values.Length > 0 ? values : throw new ArgumentException("A tag has at least a name.", nameof(values));
    }

    /// <summary>The first string.</summary>
    public string Name => _values[0];

    /// <summary>The second string, or null.</summary>
    public string? Value => _values.Length > 1 ? _values[1] : null;

    /// <summary>All strings.</summary>
    public IReadOnlyList<string> Values => _values;

    /// <summary>The letter of a tag that relays index (one letter, with a value), or null.</summary>
    public char? IndexedLetter => _values.Length > 1 && _values[0].Length == 1 && char.IsAsciiLetter(_values[0][0]) ? _values[0][0] : null;

    /// <inheritdoc/>
    public bool Equals(NostrTag? other) => other is not null && _values.AsSpan().SequenceEqual(other._values);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as NostrTag);

    /// <inheritdoc/>
    public override int GetHashCode() => _values.Aggregate(_values.Length, HashCode.Combine);

    /// <summary>The strings, for people.</summary>
    public override string ToString() => $"[{string.Join(", ", _values)}]";
}
