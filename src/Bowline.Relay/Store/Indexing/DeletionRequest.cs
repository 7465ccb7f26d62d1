using System.Globalization;
using Bowline.Nostr;

namespace Bowline.Relay.Indexing;

/// <summary>What an event of kind 5 asks to delete (NIP-09), as far as its author may ask it.</summary>
internal sealed class DeletionRequest
{
    private DeletionRequest(IReadOnlyList<EventId> ids, IReadOnlyList<IndexKey> addresses)
    {
        Ids = ids;
        Addresses = addresses;
    }

    /// <summary>Ids out of <c>e</c> tags; whose events they are only the store can say.</summary>
    public IReadOnlyList<EventId> Ids { get; }

    /// <summary>The author's own addresses out of <c>a</c> tags.</summary>
    public IReadOnlyList<IndexKey> Addresses { get; }

    public static DeletionRequest Read(NostrEvent value)
    {
        var ids = new List<EventId>();
        var addresses = new List<IndexKey>();
        foreach (var tag in value.Tags)
        {
            if (tag.Name == "e" && EventId.TryParse(tag.Value, out var id))
            {
                ids.Add(id);
            }
            else if (tag.Name == "a" && TryReadAddress(tag.Value, value.PublicKey, out var address))
            {
                addresses.Add(address);
            }
        }

        return new([.. ids.Distinct()], [.. addresses.Distinct()]);
    }

    // kind:author:d, where d may hold colons itself.
    private static bool TryReadAddress(string? text, NostrPublicKey author, out IndexKey address)
    {
        address = default;
        var parts = text?.Split(':', 3);
        if (parts is not { Length: 3 }
            || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var kind)
            || kind > NostrKind.Max
            || !NostrPublicKey.TryParse(parts[1], out var owner)
            || owner != author)
        {
            return false;
        }

        var kindClass = NostrKind.ClassOf(kind);
        address = IndexKey.OfAddress(kind, author, kindClass == KindClass.Addressable ? parts[2] : "");
        return kindClass is KindClass.Addressable or KindClass.Replaceable;
    }
}
