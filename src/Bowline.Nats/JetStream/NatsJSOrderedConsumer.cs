using System.Runtime.CompilerServices;

namespace Bowline.Nats.JetStream;

/// <summary>
/// Reads a stream in order without acknowledging. A consumer of its own is made for each stretch; at a gap, a missed heartbeat
/// or a lost connection the next one starts behind the last message that was handed out.
/// </summary>
public sealed class NatsJSOrderedConsumer
{
    /// <summary>Between attempts to make the consumer again: a restarting server is back within it.</summary>
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(250);
    private readonly NatsJSContext _context;
    private readonly NatsJSOrderedConsumerOpts _opts;
    private ulong _lastStreamSequence;
    private ulong _lastConsumerSequence;
    private bool _resume;
    private string? _consumer;

    internal NatsJSOrderedConsumer(NatsJSContext context, string stream, NatsJSOrderedConsumerOpts opts)
    {
        _context = context;
        _opts = opts;
        Stream = stream;
    }

    /// <summary>The stream's name.</summary>
    public string Stream { get; }

    /// <summary>How often a consumer was made; 1 while nothing was lost.</summary>
    public int Generation { get; private set; }

    /// <summary>The consumer in use as the server described it at its making; null before the first.</summary>
    internal ConsumerInfo? Current { get; private set; }

    /// <summary>Raised with the first consumer's information, before its first message.</summary>
    internal Action<ConsumerInfo>? Started { get; init; }

    /// <summary>Takes messages without end. One reader at a time; a second enumeration goes on behind the first.</summary>
    /// <exception cref="NatsJSApiException">The stream does not exist, or was deleted.</exception>
    public async IAsyncEnumerable<NatsJSMsg<T>> ConsumeAsync<T>(INatsDeserialize<T>? serializer = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var loop = new PullLoop<T>(_context, Stream, _opts.Consume, serializer);
        try
        {
            await StartAgainAsync(loop, cancellationToken).ConfigureAwait(false);
            while (true)
            {
                var step = await loop.NextAsync(cancellationToken).ConfigureAwait(false);
                if (step.Kind == PullStepKind.Refused)
                {
                    throw new NatsJSPullException(step.Code, step.Text);
                }

                if (step.Kind != PullStepKind.Message || step.Msg.Metadata.ConsumerSequence != _lastConsumerSequence + 1)
                {
                    await StartAgainAsync(loop, cancellationToken).ConfigureAwait(false);
                    continue;
                }

                _lastConsumerSequence++;
                _resume = true;
                _lastStreamSequence = step.Msg.Metadata.StreamSequence;
                yield return step.Msg;
            }
        }
        finally
        {
            await loop.DisposeAsync().ConfigureAwait(false);
            await DeleteCurrentAsync().ConfigureAwait(false);
        }
    }

    private async ValueTask StartAgainAsync<T>(PullLoop<T> loop, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await DeleteCurrentAsync().ConfigureAwait(false);
                var consumer = await _context.CreateOrUpdateConsumerAsync(Stream, Config(), cancellationToken).ConfigureAwait(false);
                Generation++;
                _consumer = consumer.Name;
                _lastConsumerSequence = 0;
                Current = consumer.Info;
                if (Generation == 1)
                {
                    // "New" means new as of now: after a loss, what came since then is still to be delivered.
                    _resume = _opts.DeliverPolicy == ConsumerConfigDeliverPolicy.New;
                    _lastStreamSequence = _resume ? consumer.Info.Delivered?.StreamSeq ?? 0 : 0;
                    Started?.Invoke(consumer.Info);
                }

                await loop.StartAsync(consumer.Name, cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (Exception e) when (e is NatsNoReplyException or NatsDisconnectedException)
            {
                // The server is away; what was read is remembered, so nothing is lost by waiting for it.
                await Task.Delay(RetryPause, _context.Connection.Opts.TimeProvider, cancellationToken).ConfigureAwait(false);
                await _context.Connection.WaitWritableAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private ConsumerConfig Config()
    {
        var first = !_resume;
        return new ConsumerConfig
        {
            Name = "ordered-" + Guid.NewGuid().ToString("N"),
            FilterSubject = _opts.FilterSubject,
            DeliverPolicy = first ? _opts.DeliverPolicy : ConsumerConfigDeliverPolicy.ByStartSequence,
            OptStartSeq = first ? _opts.OptStartSeq : _lastStreamSequence + 1,
            AckPolicy = ConsumerConfigAckPolicy.None,
            HeadersOnly = _opts.HeadersOnly,
            InactiveThreshold = _opts.InactiveThreshold,
            MemStorage = true,
            NumReplicas = 1,
        };
    }

    // Best effort: the server removes it by itself after the inactive threshold.
    private async ValueTask DeleteCurrentAsync()
    {
        if (_consumer is not { } name || _context.Connection.ConnectionState != NatsConnectionState.Open)
        {
            return;
        }

        _consumer = null;
        try
        {
            await _context.Connection.PublishAsync($"{_context.Opts.ApiPrefix}.CONSUMER.DELETE.{Stream}.{name}", Array.Empty<byte>()).ConfigureAwait(false);
        }
        catch (NatsException)
        {
            // The connection went away meanwhile.
            return;
        }
    }
}
