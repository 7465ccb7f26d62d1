namespace Bowline.WebRtc;

/// <summary>A data channel: messages in both directions, with their boundaries.</summary>
public interface IDataChannel
{
    /// <summary>The SCTP stream, 0 to 65534; null until the connection is up.</summary>
    int? Id { get; }

    /// <summary>The name its creator gave it; not unique.</summary>
    string Label { get; }

    /// <summary>How it delivers.</summary>
    DataChannelOptions Options { get; }

    /// <summary>Where it is in its life.</summary>
    DataChannelState State { get; }

    /// <summary>Bytes of all messages of this connection, of any channel, that wait for room in the send buffer or for their turn.</summary>
    long BufferedAmount { get; }

    /// <summary>Waits until the channel is open.</summary>
    /// <param name="cancel">Ends the wait.</param>
    /// <returns>A task that ends when it is open.</returns>
    /// <exception cref="WebRtcException">It was closed before it opened, or the connection failed.</exception>
    Task WaitForOpenAsync(CancellationToken cancel = default);

    /// <summary>
    /// Sends a binary message. Completes when it is in the send buffer of the connection, and waits while that is full. On a channel that the
    /// other side made it also waits until the channel is open.
    /// </summary>
    /// <param name="message">The message; it may be empty. Not touched before the returned task ends.</param>
    /// <param name="cancel">Ends the wait; a message that waited is then not sent.</param>
    /// <returns>A task that ends when the memory may be used again.</returns>
    /// <exception cref="WebRtcException">The channel is not open, or is closed before it opens, or the message is longer than the other side takes.</exception>
    ValueTask SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancel = default);

    /// <summary>Sends a text message; otherwise like <see cref="SendAsync"/>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="cancel">Ends the wait.</param>
    /// <returns>A task that ends when it is in the send buffer.</returns>
    /// <exception cref="WebRtcException">The channel is not open, or the message is longer than the other side takes.</exception>
    ValueTask SendTextAsync(string text, CancellationToken cancel = default);

    /// <summary>
    /// The messages that arrive, in order; one reader at a time, which disposes each message. Ends when the channel is closed.
    /// A reader that is slow closes the window of the other side: nothing is dropped, and memory does not grow.
    /// </summary>
    /// <param name="cancel">Ends the reading.</param>
    /// <returns>The messages.</returns>
    /// <exception cref="WebRtcException">The connection was lost while the channel was open.</exception>
    IAsyncEnumerable<DataChannelMessage> ReadAllAsync(CancellationToken cancel = default);

    /// <summary>
    /// Closes the channel on both sides; messages that were being sent before still arrive, also those that wait for room. What has arrived
    /// can still be read, and no longer keeps other channels waiting: all channels that close hold one more <see cref="PeerConnectionOptions.ReceiveBudget"/>
    /// together, and what is beyond it is dropped and counted as refused.
    /// </summary>
    /// <param name="cancel">Ends the wait, not the closing.</param>
    /// <returns>A task that ends when the other side has confirmed, or the connection is gone.</returns>
    Task CloseAsync(CancellationToken cancel = default);
}
