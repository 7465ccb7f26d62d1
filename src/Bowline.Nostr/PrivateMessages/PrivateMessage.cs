namespace Bowline.Nostr;

/// <summary>Private messages (NIP-17): a rumor of kind 14, gift-wrapped for each addressee and for its author.</summary>
public static class PrivateMessage
{
    /// <summary>Makes the rumor.</summary>
    /// <param name="author">Who writes.</param>
    /// <param name="recipients">At least one.</param>
    /// <param name="text">Plain text.</param>
    /// <param name="now">The time to write on it.</param>
    /// <param name="subject">The subject of the conversation, or null.</param>
    /// <param name="replyTo">The message it answers, or null.</param>
    /// <exception cref="ArgumentException">No recipient.</exception>
    public static Rumor Create(
        NostrPublicKey author, IReadOnlyList<NostrPublicKey> recipients, string text, DateTimeOffset now, string? subject = null, EventId? replyTo = null)
    {
        ArgumentNullException.ThrowIfNull(recipients);
        if (recipients.Count == 0)
        {
            throw new ArgumentException("A message has at least one recipient.", nameof(recipients));
        }

        List<NostrTag> tags = [];
        foreach (var recipient in recipients)
        {
            tags.Add(new("p", recipient.ToString()));
        }

        if (replyTo is { } answered)
        {
            tags.Add(new("e", answered.ToString()));
        }

        if (subject is not null)
        {
            tags.Add(new("subject", subject));
        }

        return new(author, now.ToUnixTimeSeconds(), NostrKind.PrivateMessage, tags, text);
    }

    /// <summary>One wrap for each addressee and one for the author, who could not read the message again otherwise.</summary>
    /// <param name="rumor">A message from <see cref="Create"/>.</param>
    /// <param name="author">The key of its author.</param>
    /// <param name="wrapper">Wraps it.</param>
    public static IReadOnlyList<NostrEvent> Wrap(Rumor rumor, NostrKey author, GiftWrapper wrapper)
    {
        ArgumentNullException.ThrowIfNull(rumor);
        ArgumentNullException.ThrowIfNull(author);
        ArgumentNullException.ThrowIfNull(wrapper);
        return [.. Participants(rumor).Select(reader => wrapper.Wrap(rumor, author, reader))];
    }

    /// <summary>Everybody in the conversation: the author and the addressees (NIP-17 makes them its identity).</summary>
    public static IReadOnlySet<NostrPublicKey> Participants(Rumor rumor)
    {
        ArgumentNullException.ThrowIfNull(rumor);
        HashSet<NostrPublicKey> all = [rumor.PublicKey];
        foreach (var tag in rumor.Tags)
        {
            if (tag.Name == "p" && NostrPublicKey.TryParse(tag.Value, out var key))
            {
                _ = all.Add(key);
            }
        }

        return all;
    }
}
