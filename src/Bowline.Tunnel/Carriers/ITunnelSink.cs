namespace Bowline.Tunnel;

/// <summary>Takes messages on the carrier's read loop; never blocks, keeps no span.</summary>
public interface ITunnelSink
{
    /// <summary>One message; <paramref name="noResponders"/> says that a message we published with this subject as reply had no taker.</summary>
    public void OnMessage(ReadOnlySpan<byte> subject, ReadOnlySpan<byte> replyTo, ReadOnlySpan<byte> payload, bool noResponders);

    /// <summary>The connection is back after a loss; frames may have been lost in between.</summary>
    public void OnReconnected();

    /// <summary>The connection is lost; frames may be lost with it.</summary>
    public void OnDisconnected();
}
