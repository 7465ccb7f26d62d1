namespace Bowline.Nats.JetStream;

/// <summary>How messages are taken continuously.</summary>
public sealed record NatsJSConsumeOpts
{
    /// <summary>Most messages asked for and not yet handled; more are asked for when half is left.</summary>
    /// <value>256: a round trip's worth at tens of thousands a second, and no more memory than that many messages.</value>
    public int MaxMsgs { get; init; } = 256;

    /// <summary>The life of one pull.</summary>
    /// <value>30 s.</value>
    public TimeSpan Expires { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often the server says that it is still there when it has no message. Two missed ones mean a new pull.</summary>
    /// <value>2 s, so that a lost pull is repeated within about 4 s.</value>
    public TimeSpan IdleHeartbeat { get; init; } = TimeSpan.FromSeconds(2);

    internal static NatsJSConsumeOpts Validated(NatsJSConsumeOpts opts)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(opts.MaxMsgs, 1, nameof(opts));
        ArgumentOutOfRangeException.ThrowIfLessThan(opts.IdleHeartbeat, TimeSpan.FromMilliseconds(100), nameof(opts));
        ArgumentOutOfRangeException.ThrowIfLessThan(opts.Expires, opts.IdleHeartbeat * 2, nameof(opts));
        return opts;
    }
}
