using System.Text;
using Bowline.Nostr;

namespace Bowline.Relay;

/// <summary>What a presence is about: its author, its kind and its one-letter tags (a room, say).</summary>
internal readonly record struct PresenceKey(NostrPublicKey Author, int Kind, string Tags)
{
    public const string Tag = "bowline";
    public const string Present = "presence";
    public const string Gone = "gone";

    /// <summary>True for an ephemeral event with the tag <c>["bowline","presence"]</c>.</summary>
    public static bool TryOf(NostrEvent value, out PresenceKey key)
    {
        key = default;
        if (value.Class != KindClass.Ephemeral || value.TagValue(Tag) != Present)
        {
            return false;
        }

        var tags = new StringBuilder();
        foreach (var tag in value.Tags)
        {
            if (tag.IndexedLetter is { } letter)
            {
                _ = tags.Append(letter).Append(tag.Value!.Length).Append(':').Append(tag.Value);
            }
        }

        key = new(value.PublicKey, value.Kind, tags.ToString());
        return true;
    }
}
