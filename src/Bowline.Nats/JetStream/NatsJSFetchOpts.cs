namespace Bowline.Nats.JetStream;

/// <summary>One pull.</summary>
public sealed record NatsJSFetchOpts
{
    /// <summary>Most messages.</summary>
    /// <value>100.</value>
    public int MaxMsgs { get; init; } = 100;

    /// <summary>Most bytes; null for no limit.</summary>
    public int? MaxBytes { get; init; }

    /// <summary>How long to wait for messages.</summary>
    /// <value>5 s.</value>
    public TimeSpan Expires { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Take what is there and do not wait.</summary>
    public bool NoWait { get; init; }

    internal static NatsJSFetchOpts Validated(NatsJSFetchOpts opts)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(opts.MaxMsgs, 1, nameof(opts));
        ArgumentOutOfRangeException.ThrowIfLessThan(opts.Expires, TimeSpan.FromMilliseconds(10), nameof(opts));
        return opts;
    }
}
