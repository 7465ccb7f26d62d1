using Bowline.Nostr;
using Bowline.Relay.Indexing;

namespace Bowline.Relay.Postgres;

/// <summary>
/// Decides what becomes of several events that are added one after another, from what the database said about all of them at once. No
/// I/O. What it leaves behind is written in one go.
/// </summary>
internal sealed class PostgresRun
{
    /// <summary>Ids of the run that are stored now.</summary>
    public HashSet<EventId> Present { get; } = [];

    /// <summary>Marks of deletion, with the time up to which they hold.</summary>
    public Dictionary<IndexKey, long> Deleted { get; } = [];

    /// <summary>The version that stands at each address; the number is null when it is one of this run.</summary>
    public Dictionary<IndexKey, (long? Sequence, long CreatedAt, EventId Id)> Current { get; } = [];

    /// <summary>Events to write.</summary>
    public Dictionary<EventId, IndexedEvent> Inserts { get; } = [];

    /// <summary>Rows to remove.</summary>
    public List<long> Removes { get; } = [];

    public StoreOutcome Add(IndexedEvent value)
    {
        if (Present.Contains(value.Id))
        {
            return StoreOutcome.Duplicate;
        }

        if (value.Deletion is null && (IsDeleted(value.Deleted, value) || (value.Address is { } place && IsDeleted(place, value))))
        {
            return StoreOutcome.Deleted;
        }

        if (value.Address is { } address)
        {
            if (Current.TryGetValue(address, out var current))
            {
                if (!IndexedEvent.Replaces(value.CreatedAt, value.Id, current.CreatedAt, current.Id))
                {
                    return StoreOutcome.Superseded;
                }

                _ = Present.Remove(current.Id);
                _ = Inserts.Remove(current.Id);
                if (current.Sequence is { } sequence)
                {
                    Removes.Add(sequence);
                }
            }

            Current[address] = (null, value.CreatedAt, value.Id);
        }

        _ = Present.Add(value.Id);
        Inserts.Add(value.Id, value);
        return StoreOutcome.Stored;
    }

    private bool IsDeleted(IndexKey key, IndexedEvent value) => Deleted.TryGetValue(key, out var until) && value.CreatedAt <= until;
}
