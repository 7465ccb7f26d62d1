namespace Bowline.Nostr;

/// <summary>The limits requests keep to: the relay's own, or careful ones where it does not say.</summary>
internal sealed record RelayLimits(int MaxSubscriptions, int MaxFilters, int MaxMessageLength, int? MaxLimit)
{
    // The lowest limits of relays in common use.
    public static readonly RelayLimits Careful = new(20, 10, 64 * 1024, null);

    public static RelayLimits From(RelayInformation? information) => information is null ? Careful : new(
        information.MaxSubscriptions ?? Careful.MaxSubscriptions,
        information.MaxFilters ?? Careful.MaxFilters,
        information.MaxMessageLength ?? Careful.MaxMessageLength,
        information.MaxLimit);
}
