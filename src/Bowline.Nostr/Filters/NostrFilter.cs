namespace Bowline.Nostr;

/// <summary>
/// What a subscription wants (NIP-01): every condition that is there must hold, lists mean any of them; null means no condition. An empty
/// list matches nothing.
/// </summary>
public sealed record NostrFilter
{
    /// <summary>Ids of events.</summary>
    public IReadOnlyList<EventId>? Ids { get; init; }

    /// <summary>Authors.</summary>
    public IReadOnlyList<NostrPublicKey>? Authors { get; init; }

    /// <summary>Kinds.</summary>
    public IReadOnlyList<int>? Kinds { get; init; }

    /// <summary>Conditions on tags: a letter and the values of which one must be there. Never null; several letters must all hold.</summary>
    public IReadOnlyDictionary<char, IReadOnlyList<string>> Tags { get; init; } = System.Collections.Frozen.FrozenDictionary<char, IReadOnlyList<string>>.Empty;

    /// <summary>Unix seconds, inclusive.</summary>
    public long? Since { get; init; }

    /// <summary>Unix seconds, inclusive.</summary>
    public long? Until { get; init; }

    /// <summary>Of the stored events at most so many, the newest.</summary>
    public int? Limit { get; init; }

    /// <summary>Words to search for (NIP-50).</summary>
    public string? Search { get; init; }

    /// <summary>True when the event meets every condition but <see cref="Limit"/> and <see cref="Search"/>, which are for stores.</summary>
    public bool Matches(NostrEvent value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return (Since is not { } since || value.CreatedAt >= since)
            && (Until is not { } until || value.CreatedAt <= until)
            && (Kinds is not { } kinds || kinds.Contains(value.Kind))
            && (Authors is not { } authors || authors.Contains(value.PublicKey))
            && (Ids is not { } ids || ids.Contains(value.Id))
            && MatchesTags(value);
    }

    /// <summary>The filter as one JSON object.</summary>
    public override string ToString()
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        FilterWriter.Write(buffer, this);
        return System.Text.Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private bool MatchesTags(NostrEvent value)
    {
        foreach (var (letter, wanted) in Tags)
        {
            if (!value.Tags.Any(tag => tag.IndexedLetter == letter && wanted.Contains(tag.Value!)))
            {
                return false;
            }
        }

        return true;
    }
}
