using System.Globalization;
using System.Text;
using Bowline.Nostr;

namespace Bowline.Relay;

/// <summary>What an event must be to be taken, whoever brings it. Cheap checks only; the signature comes after them.</summary>
internal static class EventRules
{
    /// <summary>Why it is refused, with its prefix, or null.</summary>
    public static string? FindProblem(NostrEvent value, RelayLimits limits, int minimumDifficulty, long unixSeconds)
    {
        if (value.Kind == NostrKind.ClientAuthentication)
        {
            return ReasonPrefix.Invalid + "authentication goes into an AUTH message";
        }

        if (value.Tags.Count > limits.Tags)
        {
            return ReasonPrefix.Invalid + $"an event has {limits.Tags} tags at most";
        }

        if (value.Content.Length > limits.ContentBytes || Encoding.UTF8.GetByteCount(value.Content) > limits.ContentBytes)
        {
            return ReasonPrefix.Invalid + $"a content has {limits.ContentBytes} bytes at most";
        }

        if (value.CreatedAt - unixSeconds > limits.CreatedAhead.TotalSeconds)
        {
            return ReasonPrefix.Invalid + $"created_at is more than {limits.CreatedAhead.TotalSeconds:0} seconds ahead; is the clock right?";
        }

        if (ExpiresAt(value) <= unixSeconds)
        {
            return ReasonPrefix.Invalid + "the event has expired";
        }

        return FindWorkProblem(value, minimumDifficulty) ?? (value.Kind == NostrKind.Deletion ? FindDeletionProblem(value) : null);
    }

    /// <summary>When it expires (NIP-40), in unix seconds, or the end of time.</summary>
    public static long ExpiresAt(NostrEvent value) =>
        value.TagValue("expiration") is { } text && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var time) ? time : long.MaxValue;

    /// <summary>True when only its author may bring it (NIP-70).</summary>
    public static bool IsProtected(NostrEvent value) => value.TagValueCount("-") > 0;

    private static string? FindWorkProblem(NostrEvent value, int minimum)
    {
        if (minimum == 0)
        {
            return null;
        }

        var difficulty = ProofOfWork.Difficulty(value.Id);
        return difficulty < minimum ? ReasonPrefix.ProofOfWork + $"difficulty {difficulty} is less than {minimum}"
            : ProofOfWork.CommittedTarget(value) < minimum ? ReasonPrefix.ProofOfWork + $"the nonce tag does not commit to a difficulty of {minimum}"
            : null;
    }

    /// <summary>A deletion names something, and only what can be its author's (NIP-09).</summary>
    private static string? FindDeletionProblem(NostrEvent value)
    {
        var names = 0;
        foreach (var tag in value.Tags)
        {
            if (tag.Name == "e")
            {
                names++;
                if (!EventId.TryParse(tag.Value.AsSpan(), out _))
                {
                    return ReasonPrefix.Invalid + "an e tag of a deletion is 64 lower-case hex digits";
                }
            }
            else if (tag.Name == "a")
            {
                names++;
                var parts = (tag.Value ?? "").Split(':', 3);
                if (parts.Length != 3 || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out _) || !NostrPublicKey.TryParse(parts[1].AsSpan(), out var author))
                {
                    return ReasonPrefix.Invalid + "an a tag of a deletion is kind:pubkey:d";
                }

                if (author != value.PublicKey)
                {
                    return ReasonPrefix.Invalid + "an author deletes only own events";
                }
            }
        }

        return names > 0 ? null : ReasonPrefix.Invalid + "a deletion names events (e) or addresses (a)";
    }

    private static int TagValueCount(this NostrEvent value, string name)
    {
        var count = 0;
        for (var i = 0; i < value.Tags.Count; i++)
        {
            count += value.Tags[i].Name == name ? 1 : 0;
        }

        return count;
    }
}
