namespace Bowline.Nats.JetStream;

/// <summary>How JetStream is spoken to.</summary>
public sealed record NatsJSOpts
{
    /// <summary>The defaults.</summary>
    public static NatsJSOpts Default { get; } = new();

    /// <summary>Where the API listens.</summary>
    /// <value><c>$JS.API</c></value>
    public string ApiPrefix { get; init; } = "$JS.API";

    /// <summary>How long one API request or confirmation may take.</summary>
    /// <value>5 s: creating a file stream on a busy disk takes up to seconds.</value>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often a publish with a message id is sent in total before it fails.</summary>
    /// <value>3: the id makes repeating safe, and three timeouts are an outage the caller should hear of.</value>
    public int PublishAttempts { get; init; } = 3;

    /// <summary>The wait before a publish with a message id is repeated after "no responders".</summary>
    /// <value>250 ms, the time a restarted server needs to recover its streams, with room.</value>
    public TimeSpan PublishRetryWait { get; init; } = TimeSpan.FromMilliseconds(250);
}
