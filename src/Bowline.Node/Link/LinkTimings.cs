namespace Bowline.Node.Link;

/// <summary>Every wait of the link loop, each with the reason for its value.</summary>
internal sealed record LinkTimings
{
    /// <summary>The bound of the first wait after a failure.</summary>
    /// <value>100 ms: a hub that restarts is back in about a second, and the jitter spreads a fleet.</value>
    public TimeSpan RetryMin { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest wait after a failure.</summary>
    /// <value>10 s: a hub that was away for an hour is noticed within ten seconds of its return.</value>
    public TimeSpan RetryMax { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The wait after the hub said that it does not know this device.</summary>
    /// <value>10 min: only a person can change that, and they will run a command here anyway.</value>
    public TimeSpan RevokedRetry { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a lost connection may try to come back by itself before a new session is asked for.</summary>
    /// <value>2 s: a restart of nats-server takes less and keeps streams; after that the session or its addresses are suspect.</value>
    public TimeSpan ReconnectGrace { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long the answer to a probe after a resume may take before the connection is orphaned.</summary>
    /// <value>400 ms: leaves more than half of the promised second for the new connection.</value>
    public TimeSpan ProbeTimeout { get; init; } = TimeSpan.FromMilliseconds(400);

    /// <summary>How long one question to the hub may take.</summary>
    /// <value>10 s: longer than any healthy hub needs, short enough that a dead socket does not hold the loop.</value>
    public TimeSpan FetchTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long one connection attempt may take.</summary>
    /// <value>10 s: covers name lookup, TLS and upgrade over a bad mobile network.</value>
    public TimeSpan DialTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The part of a session's life after which it is renewed.</summary>
    /// <value>2/3: leaves a third (5 of 15 minutes) to retry a hub that is away.</value>
    public double RenewAfter { get; init; } = 2.0 / 3;

    /// <summary>Streams still on an old connection this long before its credentials end are reset.</summary>
    /// <value>30 s: before the server would cut them without a word. A quarter at most of what is left when the next connection serves: after a late renewal, or of a session of seconds, streams need the rest to move.</value>
    public TimeSpan EndMargin { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The most that <see cref="EndMargin"/> takes of the life that is left when the next connection serves.</summary>
    /// <value>1/4: of the 5 minutes that a renewal in time leaves, it would be more than the 30 s.</value>
    public double EndMarginPart { get; init; } = 0.25;

    /// <summary>How long stopping waits for the goodbye to be written.</summary>
    /// <value>250 ms: the hub should show a graceful stop within this time, and nobody waits longer for it.</value>
    public TimeSpan GoodbyeTimeout { get; init; } = TimeSpan.FromMilliseconds(250);
}
