namespace Bowline.Nostr;

/// <summary>Kinds of events that we use, and the ranges NIP-01 gives a meaning.</summary>
public static class NostrKind
{
    /// <summary>The largest kind.</summary>
    public const int Max = 65535;

    /// <summary>Profile (NIP-01), replaceable.</summary>
    public const int Profile = 0;

    /// <summary>Short text note (NIP-01).</summary>
    public const int Note = 1;

    /// <summary>Encrypted direct message of old (NIP-04): only handed to its author and its addressee.</summary>
    public const int EncryptedDirectMessage = 4;

    /// <summary>Deletion request (NIP-09).</summary>
    public const int Deletion = 5;

    /// <summary>Seal (NIP-59).</summary>
    public const int Seal = 13;

    /// <summary>Private direct message, never sent unwrapped (NIP-17).</summary>
    public const int PrivateMessage = 14;

    /// <summary>Gift wrap (NIP-59): only handed to its addressee.</summary>
    public const int GiftWrap = 1059;

    /// <summary>Authentication to a relay (NIP-42).</summary>
    public const int ClientAuthentication = 22242;

    /// <summary>How a relay keeps events of this kind.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not in 0 to 65535.</exception>
    public static KindClass ClassOf(int kind) => kind switch
    {
        < 0 or > Max => throw new ArgumentOutOfRangeException(nameof(kind), kind, $"A kind is between 0 and {Max}."),
        0 or 3 or (>= 10_000 and < 20_000) => KindClass.Replaceable,
        >= 20_000 and < 30_000 => KindClass.Ephemeral,
        >= 30_000 and < 40_000 => KindClass.Addressable,
        _ => KindClass.Regular,
    };
}
