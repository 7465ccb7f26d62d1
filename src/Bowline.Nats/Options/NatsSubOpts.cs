namespace Bowline.Nats;

/// <summary>How one subscription, or the answer of one request, is received.</summary>
public sealed record NatsSubOpts
{
    /// <summary>End after this many messages. Default: no limit.</summary>
    public int? MaxMsgs { get; init; }

    /// <summary>How long a request waits for its answer. Default: <see cref="NatsOpts.RequestTimeout"/>.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Messages the subscription holds before it pauses reading. Default: <see cref="NatsOpts.SubPendingChannelCapacity"/>.</summary>
    public int? ChannelCapacity { get; init; }
}
