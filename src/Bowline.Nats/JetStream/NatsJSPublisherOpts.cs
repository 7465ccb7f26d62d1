namespace Bowline.Nats.JetStream;

/// <summary>A pipelined publisher.</summary>
public sealed record NatsJSPublisherOpts
{
    /// <summary>Most messages sent and not confirmed.</summary>
    /// <value>256: enough to hide the round trip on one machine; more only adds memory.</value>
    public int Window { get; init; } = 256;

    /// <summary>How long a confirmation may take before the message is sent again (with an id) or fails (without).</summary>
    /// <value>5 s.</value>
    public TimeSpan AckTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The wait before a message with an id is sent again after "no responders".</summary>
    /// <value>250 ms.</value>
    public TimeSpan RetryWait { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How often a message with an id is sent before it fails; sends after a lost connection do not count.</summary>
    /// <value>5.</value>
    public int MaxAttempts { get; init; } = 5;

    /// <summary>
    /// Told the result of each message, mostly on the connection's read loop: must be short and must not block or throw. When null, the
    /// first failure fails the publisher.
    /// </summary>
    public Action<NatsJSPublishResult>? OnResult { get; init; }
}
