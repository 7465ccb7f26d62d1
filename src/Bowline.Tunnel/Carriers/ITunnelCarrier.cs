namespace Bowline.Tunnel;

/// <summary>
/// What moves tunnel frames: one frame per message, addressed by subject (docs/protocol/tunnel.md section 2). At most once, in order
/// per connection. Implementations must not call a sink from inside <see cref="TryPublish"/>.
/// </summary>
public interface ITunnelCarrier
{
    /// <summary>The longest frame it carries, in bytes.</summary>
    public int MaxFrame { get; }

    /// <summary>False while nothing can be sent.</summary>
    public bool IsConnected { get; }

    /// <summary>Copies both parts as one message into the outgoing buffer; false when disconnected or the buffer is full enough.</summary>
    public bool TryPublish(ReadOnlySpan<byte> subject, ReadOnlySpan<byte> replyTo, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second);

    /// <summary>Completes when <see cref="TryPublish"/> is worth trying again.</summary>
    public ValueTask WaitWritableAsync(CancellationToken cancellationToken);

    /// <summary>Completes when everything published before has reached the other end of the connection, and everything it had for us was handed out.</summary>
    public ValueTask FlushAsync(CancellationToken cancellationToken);

    /// <summary>Starts handing messages of a subject (wildcards allowed) to the sink.</summary>
    public ValueTask SubscribeAsync(string subject, string? queueGroup, ITunnelSink sink, CancellationToken cancellationToken);

    /// <summary>As <see cref="UnsubscribeAsync"/>, but what the other end had sent for the subject by then is handed out first.</summary>
    public ValueTask DrainAsync(string subject, CancellationToken cancellationToken);

    /// <summary>Ends what <see cref="SubscribeAsync"/> began with the same subject.</summary>
    public ValueTask UnsubscribeAsync(string subject, CancellationToken cancellationToken);
}
