using Bowline.Nostr;

namespace Bowline.Cli.Relays;

/// <summary>Public keys as people write them.</summary>
internal static class PublicKeys
{
    /// <summary>An npub, an nprofile or 64 hex digits; anything else is reported to <paramref name="error"/>.</summary>
    public static NostrPublicKey? Parse(string text, Action<string> error)
    {
        if (NostrPublicKey.TryParse(text, out var key))
        {
            return key;
        }

        if (NostrIdentifier.TryParse(text, out var identifier, out var problem))
        {
            switch (identifier)
            {
                case PublicKeyIdentifier plain:
                    return plain.Key;
                case ProfileIdentifier profile:
                    return profile.Key;
                default:
                    error("That names something else than a public key: give an npub or 64 hex digits.");
                    return null;
            }
        }

        error($"That is no public key: give an npub or 64 lower-case hex digits. {problem}");
        return null;
    }

    /// <summary>Several of them.</summary>
    public static NostrPublicKey[] ParseAll(IEnumerable<string> texts, Action<string> error) => [.. texts.Select(text => Parse(text, error)).OfType<NostrPublicKey>()];
}
