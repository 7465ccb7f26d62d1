using System.Collections.Frozen;
using Bowline.Nostr;

namespace Bowline.Relay;

/// <summary>
/// Who asks a store. Encrypted direct messages (kind 4) are there for their author and the keys in their <c>p</c> tags, gift wraps (kind
/// 1059) for the latter only; everything else is there for everybody. Immutable.
/// </summary>
public sealed class Audience
{
    private readonly FrozenSet<NostrPublicKey> _keys;

    private Audience(FrozenSet<NostrPublicKey> keys, bool isEverybody)
    {
        _keys = keys;
        SeesAll = isEverybody;
    }

    /// <summary>Sees every event: a relay without access rules, and maintenance.</summary>
    public static Audience All { get; } = new([], isEverybody: true);

    /// <summary>Somebody who has not said who they are.</summary>
    public static Audience Anonymous { get; } = new([], isEverybody: false);

    /// <summary>The keys that are authenticated (NIP-42).</summary>
    public IReadOnlyCollection<NostrPublicKey> Keys => _keys;

    /// <summary>True for <see cref="All"/>.</summary>
    public bool SeesAll { get; }

    /// <summary>A connection on which these keys are authenticated.</summary>
    public static Audience Of(params IEnumerable<NostrPublicKey> keys) => new(keys.ToFrozenSet(), isEverybody: false);

    /// <summary>True for kinds that not everybody sees.</summary>
    public static bool IsPrivate(int kind) => kind is NostrKind.EncryptedDirectMessage or NostrKind.GiftWrap;

    /// <summary>True when an event of this kind and author needs no look at its tags to be seen.</summary>
    public bool SeesByAuthor(int kind, NostrPublicKey author) =>
        SeesAll || !IsPrivate(kind) || (kind == NostrKind.EncryptedDirectMessage && _keys.Contains(author));

    /// <summary>True when the event may be handed out, stored or live.</summary>
    public bool Sees(NostrEvent value)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (SeesByAuthor(value.Kind, value.PublicKey))
        {
            return true;
        }

        for (var i = 0; i < value.Tags.Count; i++)
        {
            var tag = value.Tags[i];
            if (tag.Name == "p" && NostrPublicKey.TryParse(tag.Value, out var addressed) && _keys.Contains(addressed))
            {
                return true;
            }
        }

        return false;
    }
}
