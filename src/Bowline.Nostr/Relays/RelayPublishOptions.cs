namespace Bowline.Nostr;

/// <summary>How one event is published.</summary>
public sealed record RelayPublishOptions
{
    /// <summary>The defaults.</summary>
    public static RelayPublishOptions Default { get; } = new();

    /// <summary>How long to wait for a connection and the relay's answer together; null: <see cref="RelayClientOptions.PublishTimeout"/>.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>The key to prove when the relay asks for one (NIP-42); null: none is proven. It must live until the outcome is there.</summary>
    public NostrKey? Key { get; init; }
}
