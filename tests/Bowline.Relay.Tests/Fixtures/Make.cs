using Bowline.Nostr;

namespace Bowline.Relay.Tests;

/// <summary>Short ways to events and filters.</summary>
internal static class Make
{
    public const int Ephemeral = 20_001;

    public static NostrKey Alice { get; } = NostrKey.Create();

    public static NostrKey Bob { get; } = NostrKey.Create();

    public static NostrKey Carol { get; } = NostrKey.Create();

    public static NostrEvent Note(string content = "hello", NostrKey? key = null, int kind = NostrKind.Note, DateTimeOffset? at = null, params NostrTag[] tags) =>
        (key ?? Alice).Sign(kind, content, tags, at ?? DateTimeOffset.UtcNow);

    public static NostrEvent With(params NostrTag[] tags) => Note(tags: tags);

    public static NostrEvent Wrap(NostrKey to, string content = "sealed") => NostrKey.Create().Sign(NostrKind.GiftWrap, content, [new("p", to.PublicKey.ToString())], DateTimeOffset.UtcNow);

    public static NostrFilter Kind(params int[] kinds) => new() { Kinds = kinds };

    public static NostrFilter By(NostrKey key, int? limit = null) => new() { Authors = [key.PublicKey], Limit = limit };

    public static NostrFilter Tag(char letter, params string[] values) => new() { Tags = new Dictionary<char, IReadOnlyList<string>> { [letter] = values } };

    public static NostrEvent Auth(NostrKey key, Uri relay, string challenge, DateTimeOffset? at = null) =>
        AuthEvent.Create(key, relay, challenge, at ?? DateTimeOffset.UtcNow);
}
