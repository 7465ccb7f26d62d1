using Bowline.Nostr;

namespace Bowline.Relay;

/// <summary>What every session of one relay obeys.</summary>
/// <param name="Limits">Limits.</param>
/// <param name="Access">Who may do what.</param>
/// <param name="MinimumDifficulty">Of events (NIP-13); 0 for none.</param>
/// <param name="SupportsSearch">The store understands NIP-50.</param>
/// <param name="PublicUrls">The relay's own addresses; none when it does not know them.</param>
internal sealed record RelayRules(RelayLimits Limits, RelayAccess Access, int MinimumDifficulty, bool SupportsSearch, IReadOnlyList<Uri> PublicUrls)
{
    /// <summary>What the reader of messages holds to.</summary>
    public MessageLimits Messages { get; } = new()
    {
        MaxFilters = Limits.Filters,
        MaxFilterValues = Limits.FilterValues,
        MaxSubscriptionIdLength = Limits.SubscriptionIdLength,
    };
}
