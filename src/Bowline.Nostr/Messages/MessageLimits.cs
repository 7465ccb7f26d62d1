namespace Bowline.Nostr;

/// <summary>How much one message may hold. Its length in bytes is for whoever receives it: nothing here reads more than it was given.</summary>
public sealed record MessageLimits
{
    /// <summary>The limits when nothing else is said.</summary>
    public static MessageLimits Default { get; } = new();

    /// <summary>The most characters of a subscription id.</summary>
    /// <value>64, the number in NIP-01.</value>
    public int MaxSubscriptionIdLength { get; init; } = 64;

    /// <summary>The most filters of one REQ or COUNT.</summary>
    /// <value>16: each filter is a query of its own and is asked about every event that comes.</value>
    public int MaxFilters { get; init; } = 16;

    /// <summary>The most values that all lists of one filter may have together.</summary>
    /// <value>5,000: the authors a person follows, several times over, still fit.</value>
    public int MaxFilterValues { get; init; } = 5_000;
}
