using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Bowline.Nostr;

/// <summary>
/// Hides who writes to whom (NIP-59): a rumor is sealed by its author, and the seal is wrapped by a key that is used once. A relay sees the
/// addressee and a time that is wrong by up to two days.
/// </summary>
/// <param name="time">The clock the times are drawn before.</param>
/// <param name="random">Draws the times. Not thread-safe, so neither is this.</param>
public sealed class GiftWrapper(TimeProvider time, Random random)
{
    /// <summary>Seconds that the times of seals and wraps lie in the past at most.</summary>
    /// <value>Two days, the number in NIP-59.</value>
    public const int MaxAgeSeconds = 2 * 24 * 60 * 60;

    /// <summary>Seals and wraps a rumor for one addressee. Each addressee, and the author for an own copy, gets a wrap of its own.</summary>
    /// <param name="rumor">The event.</param>
    /// <param name="author">The key of its author.</param>
    /// <param name="recipient">Who can unwrap it.</param>
    /// <exception cref="ArgumentException">The key is not the rumor's author; the rumor is too long to be sealed (about 40 KB); the addressee is no key.</exception>
    public NostrEvent Wrap(Rumor rumor, NostrKey author, NostrPublicKey recipient)
    {
        ArgumentNullException.ThrowIfNull(rumor);
        ArgumentNullException.ThrowIfNull(author);
        if (rumor.PublicKey != author.PublicKey)
        {
            throw new ArgumentException("A rumor is sealed by its author; this is another key.", nameof(author));
        }

        using var sealing = ConversationKey.Between(author, recipient);
        var sealedRumor = author.Sign(NostrKind.Seal, sealing.Encrypt(rumor.ToString()), [], PastTime());
        using var once = NostrKey.Create();
        using var wrapping = ConversationKey.Between(once, recipient);
        return once.Sign(NostrKind.GiftWrap, wrapping.Encrypt(sealedRumor.ToString()), [new("p", recipient.ToString())], PastTime());
    }

    /// <summary>Opens a wrap that was made for this key, and checks all of it. Never throws for bad input.</summary>
    /// <param name="wrap">The event of kind 1059.</param>
    /// <param name="recipient">The addressee.</param>
    /// <param name="rumor">What was in it. Its author is who sealed it.</param>
    /// <param name="problem">What is wrong with it.</param>
    public static bool TryUnwrap(NostrEvent wrap, NostrKey recipient, [NotNullWhen(true)] out Rumor? rumor, [NotNullWhen(false)] out string? problem)
    {
        ArgumentNullException.ThrowIfNull(wrap);
        ArgumentNullException.ThrowIfNull(recipient);
        rumor = null;
        problem = CheckEvent(wrap, NostrKind.GiftWrap, "wrap")
            ?? Decrypt(wrap, recipient, "wrap", out var sealJson)
            ?? ReadSeal(sealJson, out var sealedRumor)
            ?? Decrypt(sealedRumor!, recipient, "seal", out var rumorJson)
            ?? ReadRumor(rumorJson, sealedRumor!.PublicKey, out rumor);
        return problem is null;
    }

    private static string? CheckEvent(NostrEvent value, int kind, string what) =>
        value.Kind != kind ? $"the {what} is of kind {value.Kind}, not {kind}"
        : !value.HasValidId() ? $"the id of the {what} is not its hash"
        : !value.HasValidSignature() ? $"the signature of the {what} is wrong"
        : null;

    private static string? Decrypt(NostrEvent value, NostrKey recipient, string what, out string text)
    {
        text = "";
        if (!ConversationKey.TryBetween(recipient, value.PublicKey, out var key))
        {
            return $"the key of the {what} is not on the curve";
        }

        using (key)
        {
            if (!key.TryDecrypt(value.Content, out var found, out var problem))
            {
                return $"the {what} cannot be opened: {problem}";
            }

            text = found;
            return null;
        }
    }

    private static string? ReadSeal(string json, out NostrEvent? seal) =>
        !EventReader.TryRead(Encoding.UTF8.GetBytes(json), out seal, out var problem) ? $"the wrap holds no seal: {problem}"
        : seal.Tags.Count > 0 ? "the seal has tags, which could name the addressee"
        : CheckEvent(seal, NostrKind.Seal, "seal");

    // The rumor is not signed: only the seal says whose it is. Without this check anybody could write in anybody's name.
    private static string? ReadRumor(string json, NostrPublicKey author, out Rumor? rumor)
    {
        if (!EventReader.TryReadRumor(Encoding.UTF8.GetBytes(json), out rumor, out var problem))
        {
            return $"the seal holds no event: {problem}";
        }

        if (rumor.PublicKey == author)
        {
            return null;
        }

        rumor = null;
        return "the seal is by another key than the event in it";
    }

    private long PastTime() => time.GetUtcNow().ToUnixTimeSeconds() - random.Next(MaxAgeSeconds);
}
