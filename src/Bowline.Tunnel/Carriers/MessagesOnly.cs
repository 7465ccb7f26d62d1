namespace Bowline.Tunnel;

/// <summary>For further subscriptions of one owner: its first tells it of the connection, and it counts on hearing of each loss once.</summary>
internal sealed class MessagesOnly(ITunnelSink owner) : ITunnelSink
{
    public void OnMessage(ReadOnlySpan<byte> subject, ReadOnlySpan<byte> replyTo, ReadOnlySpan<byte> payload, bool noResponders) =>
        owner.OnMessage(subject, replyTo, payload, noResponders);

    public void OnReconnected()
    {
        // The owner hears it from its first subscription.
    }

    public void OnDisconnected()
    {
        // The owner hears it from its first subscription.
    }
}
