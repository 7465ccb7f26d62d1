using System.Globalization;
using Bowline.Nostr;

namespace Bowline.Relay.Indexing;

/// <summary>An event with everything a store writes about it, worked out where the event came from and not on the store's only writer.</summary>
internal sealed class IndexedEvent
{
    private readonly NostrEvent _value;

    private IndexedEvent(NostrEvent value, ReadOnlyMemory<byte> json)
    {
        Id = value.Id;
        PublicKey = value.PublicKey;
        CreatedAt = value.CreatedAt;
        Kind = value.Kind;
        Json = json;
        Order = OrderOf(value.Id);
        Address = value.Class switch
        {
            KindClass.Replaceable => IndexKey.OfAddress(value.Kind, value.PublicKey, ""),
            KindClass.Addressable => IndexKey.OfAddress(value.Kind, value.PublicKey, value.TagValue("d") ?? ""),
            _ => null,
        };
        Deleted = IndexKey.OfDeleted(value.Id, value.PublicKey);
        Expires = long.TryParse(value.TagValue("expiration"), NumberStyles.None, CultureInfo.InvariantCulture, out var expires) ? expires : null;
        Deletion = value.Kind == NostrKind.Deletion ? DeletionRequest.Read(value) : null;
        Tags = TagsOf(value);
        _value = value;
    }

    public EventId Id { get; }

    public NostrPublicKey PublicKey { get; }

    public long CreatedAt { get; }

    public int Kind { get; }

    public ReadOnlyMemory<byte> Json { get; }

    /// <summary>The first eight bytes of the id as a number that sorts as the id does.</summary>
    public long Order { get; }

    /// <summary>Where only one version is kept; null for regular events.</summary>
    public IndexKey? Address { get; }

    /// <summary>The mark that would say that it is deleted.</summary>
    public IndexKey Deleted { get; }

    /// <summary>Unix seconds (NIP-40).</summary>
    public long? Expires { get; }

    /// <summary>What it deletes, for kind 5.</summary>
    public DeletionRequest? Deletion { get; }

    /// <summary>The different keys of its indexed tags.</summary>
    public IReadOnlyList<IndexKey> Tags { get; }

    /// <summary>Its different words, for searching.</summary>
    public IReadOnlyList<string> Words => SearchWords.Of(_value);

    public static IndexedEvent Of(NostrEvent value, ReadOnlyMemory<byte> json) => new(value, json);

    /// <summary>Out of stored JSON, which has been read before it was stored.</summary>
    /// <exception cref="EventStoreException">What is stored is no event.</exception>
    public static IndexedEvent Read(ReadOnlySpan<byte> json) => EventReader.TryRead(json, out var value, out var problem)
        ? new(value!, json.ToArray())
        : throw new EventStoreException(EventStoreError.Unusable, $"A stored event cannot be read: {problem}.");

    public static long OrderOf(EventId id)
    {
        Span<byte> bytes = stackalloc byte[EventId.Size];
        id.CopyTo(bytes);
        return (long)(System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(bytes) ^ (1UL << 63));
    }

    /// <summary>True when it stands in the place of the other version (NIP-01): newer, or of the same second with a smaller id.</summary>
    public static bool Replaces(long createdAt, EventId id, long otherCreatedAt, EventId otherId) =>
        createdAt > otherCreatedAt || (createdAt == otherCreatedAt && id < otherId);

    private static List<IndexKey> TagsOf(NostrEvent value)
    {
        var keys = new List<IndexKey>(value.Tags.Count);
        for (var i = 0; i < value.Tags.Count; i++)
        {
            if (value.Tags[i] is { IndexedLetter: { } letter } tag)
            {
                keys.Add(IndexKey.OfTag(letter, tag.Value!));
            }
        }

        return keys.Count > 1 ? [.. keys.Distinct()] : keys;
    }
}
