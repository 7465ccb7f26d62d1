namespace Bowline.Nostr;

/// <summary>How one subscription is received.</summary>
public sealed record RelaySubscribeOptions
{
    /// <summary>The defaults.</summary>
    public static RelaySubscribeOptions Default { get; } = new();

    /// <summary>The key to prove when the relay asks for one (NIP-42); null: none is proven. It must live as long as the subscription.</summary>
    public NostrKey? Key { get; init; }

    /// <summary>Events the subscription holds before it makes its relays wait; null: <see cref="RelayClientOptions.SubscriptionCapacity"/>.</summary>
    public int? Capacity { get; init; }
}
