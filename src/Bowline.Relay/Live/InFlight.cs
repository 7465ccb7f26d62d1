using Bowline.Nostr;

namespace Bowline.Relay;

/// <summary>
/// Events between their hand-over to the store and the end of their fan-out. A query that finds one of them must remember it, because it
/// will come by again. Thread-safe.
/// </summary>
internal sealed class InFlight
{
    private const int Parts = 16;

    private readonly Dictionary<EventId, int>[] _parts = [.. Enumerable.Range(0, Parts).Select(static _ => new Dictionary<EventId, int>())];

    public void Enter(EventId id)
    {
        var part = PartOf(id);
        lock (part)
        {
            part[id] = part.GetValueOrDefault(id) + 1;
        }
    }

    public void Leave(EventId id)
    {
        var part = PartOf(id);
        lock (part)
        {
            // The same event may be brought by two connections at once.
            if (part[id] > 1)
            {
                part[id]--;
            }
            else
            {
                _ = part.Remove(id);
            }
        }
    }

    public bool Contains(EventId id)
    {
        var part = PartOf(id);
        lock (part)
        {
            return part.ContainsKey(id);
        }
    }

    private Dictionary<EventId, int> PartOf(EventId id) => _parts[(uint)id.GetHashCode() % Parts];
}
