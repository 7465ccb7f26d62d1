using Bowline.Nostr;

namespace Bowline.Relay;

/// <summary>Which connection owns which presence. Thread-safe.</summary>
internal sealed class PresenceBook
{
    private readonly Lock _lock = new();
    private readonly Dictionary<PresenceKey, Claim> _claims = [];

    /// <summary>
    /// The connection owns the presence from now on, and whoever had it before no more. A copy of an event that is known, or an older
    /// one, gains nothing: otherwise anybody could take a presence over by repeating what was heard.
    /// </summary>
    public bool TryClaim(PresenceKey key, NostrEvent value, object connection)
    {
        lock (_lock)
        {
            if (_claims.TryGetValue(key, out var claim) && claim.Connection != connection && value.CreatedAt <= claim.CreatedAt)
            {
                return false;
            }

            if (claim is not null && claim.Connection == connection && value.CreatedAt < claim.CreatedAt)
            {
                return true;
            }

            _claims[key] = new(connection, value.Id, value.CreatedAt, value.Tags);
            return true;
        }
    }

    /// <summary>The connection is gone: what it still owned, as hints for the relay to sign.</summary>
    public IReadOnlyList<Hint> Release(IEnumerable<PresenceKey> keys, object connection)
    {
        List<Hint> hints = [];
        lock (_lock)
        {
            foreach (var key in keys)
            {
                if (_claims.TryGetValue(key, out var claim) && claim.Connection == connection)
                {
                    _ = _claims.Remove(key);
                    hints.Add(new(key.Kind, GoneTags(key, claim)));
                }
            }
        }

        return hints;
    }

    /// <summary>The tags of the presence, so that the same filters find it, with <c>["bowline","gone",author,id]</c> in place of the mark.</summary>
    private static List<NostrTag> GoneTags(PresenceKey key, Claim claim) =>
    [
        .. claim.Tags.Where(static tag => tag.IndexedLetter is not null),
        new NostrTag(PresenceKey.Tag, PresenceKey.Gone, key.Author.ToString(), claim.EventId.ToString()),
    ];

    /// <summary>An event to be signed by the relay.</summary>
    internal readonly record struct Hint(int Kind, IReadOnlyList<NostrTag> Tags);

    private sealed record Claim(object Connection, EventId EventId, long CreatedAt, IReadOnlyList<NostrTag> Tags);
}
