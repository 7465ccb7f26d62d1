namespace Bowline.Nostr;

/// <summary>Reads the prefix of the text of an OK or CLOSED.</summary>
internal static class RelayReasons
{
    private static readonly (string Prefix, RelayReason Reason)[] Known =
    [
        (ReasonPrefix.Duplicate, RelayReason.Duplicate),
        (ReasonPrefix.ProofOfWork, RelayReason.ProofOfWork),
        (ReasonPrefix.Blocked, RelayReason.Blocked),
        (ReasonPrefix.RateLimited, RelayReason.RateLimited),
        (ReasonPrefix.Invalid, RelayReason.Invalid),
        (ReasonPrefix.Restricted, RelayReason.Restricted),
        (ReasonPrefix.AuthRequired, RelayReason.AuthRequired),
        (ReasonPrefix.Mute, RelayReason.Mute),
        (ReasonPrefix.Error, RelayReason.Error),
    ];

    public static RelayReason Parse(string text)
    {
        foreach (var (prefix, reason) in Known)
        {
            if (ReasonPrefix.Has(text, prefix))
            {
                return reason;
            }
        }

        return text.Length == 0 ? RelayReason.None : RelayReason.Other;
    }

    /// <summary>A key that is proven, or another one, may change the answer.</summary>
    public static bool AsksForKey(RelayReason reason) => reason is RelayReason.AuthRequired or RelayReason.Restricted;

    /// <summary>Asking again later may change the answer.</summary>
    public static bool MayPass(RelayReason reason) => reason is RelayReason.RateLimited or RelayReason.Error;
}
