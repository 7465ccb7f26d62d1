namespace Bowline.Nats.JetStream;

/// <summary>What an ordered consumer delivers.</summary>
public sealed record NatsJSOrderedConsumerOpts
{
    /// <summary>The subject, wildcards included; null for all.</summary>
    public string? FilterSubject { get; init; }

    /// <summary>Where it starts; <see cref="ConsumerConfigDeliverPolicy.ByStartSequence"/> needs <see cref="OptStartSeq"/>.</summary>
    public ConsumerConfigDeliverPolicy DeliverPolicy { get; init; } = ConsumerConfigDeliverPolicy.All;

    /// <summary>The first sequence.</summary>
    public ulong? OptStartSeq { get; init; }

    /// <summary>Deliver no bodies.</summary>
    public bool HeadersOnly { get; init; }

    /// <summary>How messages are taken.</summary>
    public NatsJSConsumeOpts Consume { get; init; } = new();

    /// <summary>How long the server keeps the consumer when nobody pulls.</summary>
    /// <value>1 min: a new one is made at every loss, so the old one need not stay.</value>
    public TimeSpan InactiveThreshold { get; init; } = TimeSpan.FromMinutes(1);
}
