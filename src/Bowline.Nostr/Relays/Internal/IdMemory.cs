namespace Bowline.Nostr;

/// <summary>The last so many ids. Not safe for concurrent use.</summary>
internal sealed class IdMemory(int capacity)
{
    private readonly HashSet<EventId> _ids = [];
    private readonly Queue<EventId> _order = [];

    /// <summary>False when it is remembered already.</summary>
    public bool Add(EventId id)
    {
        if (!_ids.Add(id))
        {
            return false;
        }

        _order.Enqueue(id);
        if (_order.Count > capacity)
        {
            _ids.Remove(_order.Dequeue());
        }

        return true;
    }
}
