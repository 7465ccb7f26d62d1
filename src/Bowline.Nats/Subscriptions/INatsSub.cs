using System.Threading.Channels;

namespace Bowline.Nats;

/// <summary>A subscription whose messages are taken from a bounded channel.</summary>
public interface INatsSub<T> : IAsyncDisposable
{
    /// <summary>What is subscribed to.</summary>
    public string Subject { get; }

    /// <summary>The queue group, or null.</summary>
    public string? QueueGroup { get; }

    /// <summary>
    /// The messages. When it is full, reading from the connection pauses; nothing is dropped. It completes when the subscription ends, with a
    /// <see cref="NatsSlowConsumerException"/> if the server cut the connection because of a pause.
    /// </summary>
    public ChannelReader<NatsMsg<T>> Msgs { get; }

    /// <summary>Ends the subscription; what already arrived can still be read.</summary>
    public ValueTask UnsubscribeAsync();

    /// <summary>Ends the subscription after everything the server had already sent has arrived.</summary>
    public ValueTask DrainAsync(CancellationToken cancellationToken = default);
}
