using Bowline.Nostr;

namespace Bowline.Relay.Tests.Store;

/// <summary>The rules of NIP-01 and NIP-09 in the plainest form, without any index: what the stores are compared with.</summary>
internal sealed class NaiveStore
{
    private readonly List<NostrEvent> _events = [];
    private readonly List<NostrEvent> _deletions = [];

    public StoreOutcome Add(NostrEvent value)
    {
        var current = value.Class is KindClass.Regular ? null : _events.Find(e => Address(e) == Address(value));
        if (_events.Exists(e => e.Id == value.Id))
        {
            return StoreOutcome.Duplicate;
        }

        if (value.Kind != 5 && _deletions.Exists(deletion => Deletes(deletion, value)))
        {
            return StoreOutcome.Deleted;
        }

        if (current is not null && (current.CreatedAt > value.CreatedAt || (current.CreatedAt == value.CreatedAt && current.Id < value.Id)))
        {
            return StoreOutcome.Superseded;
        }

        _ = current is not null && _events.Remove(current);
        _events.Add(value);
        if (value.Kind == 5)
        {
            _deletions.Add(value);
            _ = _events.RemoveAll(e => Deletes(value, e));
        }

        return StoreOutcome.Stored;
    }

    public List<EventId> Find(IEnumerable<NostrFilter> filters, Audience audience) => [.. filters
        .SelectMany(filter => Sorted(_events.Where(e => filter.Matches(e) && audience.Sees(e))).Take(filter.Limit!.Value))
        .Distinct()
        .OrderByDescending(e => e.CreatedAt).ThenBy(e => e.Id)
        .Select(e => e.Id)];

    private static IOrderedEnumerable<NostrEvent> Sorted(IEnumerable<NostrEvent> events) => events.OrderByDescending(e => e.CreatedAt).ThenBy(e => e.Id);

    private static string Address(NostrEvent e) => e.Class switch
    {
        KindClass.Replaceable => $"{e.Kind}:{e.PublicKey}:",
        KindClass.Addressable => $"{e.Kind}:{e.PublicKey}:{e.TagValue("d")}",
        _ => e.Id.ToString(),
    };

    private static bool Deletes(NostrEvent deletion, NostrEvent e) => e.PublicKey == deletion.PublicKey && e.Kind != 5 && deletion.Tags.Any(tag =>
        (tag.Name == "e" && tag.Value == e.Id.ToString()) || (tag.Name == "a" && tag.Value == Address(e) && e.CreatedAt <= deletion.CreatedAt));
}
