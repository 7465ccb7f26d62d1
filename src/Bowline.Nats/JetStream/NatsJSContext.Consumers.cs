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

        // Servers demand the filter in the subject exactly when the configuration has one filter.
        var subject = config.FilterSubject is null ? $"CONSUMER.CREATE.{stream}.{name}" : $"CONSUMER.CREATE.{stream}.{name}.{config.FilterSubject}";
        var request = new CreateConsumerRequest { StreamName = stream, Config = named };
        var answer = await CallAsync(subject, request, JetStreamJson.Default.CreateConsumerRequest, cancellationToken).ConfigureAwait(false);
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
