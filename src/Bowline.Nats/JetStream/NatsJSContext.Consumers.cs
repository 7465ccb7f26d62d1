namespace Bowline.Nats.JetStream;

public sealed partial class NatsJSContext
{
    /// <summary>Creates a pull consumer, or changes it when it exists.</summary>
    /// <exception cref="NatsJSApiException">Refused, or the stream does not exist.</exception>
    /// <exception cref="NatsJSConfigNotAppliedException">The server dropped a setting; the consumer exists without it.</exception>
    public async ValueTask<NatsJSConsumer> CreateOrUpdateConsumerAsync(string stream, ConsumerConfig config, CancellationToken cancellationToken = default)
    {
        NatsName.Check(stream, "stream");
        ArgumentNullException.ThrowIfNull(config);
        var name = NatsName.Check(config.Name ?? config.DurableName, "consumer");
        NatsName.CheckFilter(config.FilterSubject);
        var named = config with { Name = name, AckPolicy = config.AckPolicy ?? ConsumerConfigAckPolicy.Explicit };

        // The filter may also be the subject's end, for grants by filter; a wildcard in a published subject is refused by our client, so it is not.
        var request = new CreateConsumerRequest { StreamName = stream, Config = named };
        var answer = await CallAsync($"CONSUMER.CREATE.{stream}.{name}", request, JetStreamJson.Default.CreateConsumerRequest, cancellationToken).ConfigureAwait(false);
        CheckEcho(named, JetStreamJson.Default.ConsumerConfig, answer);
        return new NatsJSConsumer(this, Read(answer, JetStreamJson.Default.ConsumerInfo));
    }

    /// <summary>Reads a consumer's configuration and state.</summary>
    /// <exception cref="NatsJSApiException">It does not exist (<see cref="NatsJSErrorCode.ConsumerNotFound"/>).</exception>
    public async ValueTask<NatsJSConsumer> GetConsumerAsync(string stream, string consumer, CancellationToken cancellationToken = default)
    {
        NatsName.Check(stream, "stream");
        NatsName.Check(consumer, "consumer");
        var answer = await CallAsync($"CONSUMER.INFO.{stream}.{consumer}", [], cancellationToken).ConfigureAwait(false);
        return new NatsJSConsumer(this, Read(answer, JetStreamJson.Default.ConsumerInfo));
    }

    /// <summary>Deletes a consumer.</summary>
    /// <exception cref="NatsJSApiException">It does not exist (<see cref="NatsJSErrorCode.ConsumerNotFound"/>).</exception>
    public async ValueTask DeleteConsumerAsync(string stream, string consumer, CancellationToken cancellationToken = default)
    {
        NatsName.Check(stream, "stream");
        NatsName.Check(consumer, "consumer");
        await CallAsync($"CONSUMER.DELETE.{stream}.{consumer}", [], cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A consumer that delivers every message in order and exactly once for its reader, over every loss of the connection.</summary>
    public NatsJSOrderedConsumer CreateOrderedConsumer(string stream, NatsJSOrderedConsumerOpts? opts = null)
    {
        NatsName.Check(stream, "stream");
        NatsName.CheckFilter(opts?.FilterSubject);
        return new NatsJSOrderedConsumer(this, stream, opts ?? new NatsJSOrderedConsumerOpts());
    }
}
