namespace Bowline.WebRtc;

/// <summary>
/// What carries DTLS datagrams to the other side: ICE, or frames over another carrier. Datagrams may be lost, doubled and
/// reordered, and up to <see cref="LongestDatagram"/> bytes long; the association above does not notice when one path takes the place of another.
/// </summary>
public interface IDatagramPath : IAsyncDisposable
{
    /// <summary>The longest datagram that a path has to carry, in bytes.</summary>
    public const int LongestDatagram = 1280;

    /// <summary>Tells the path who takes what arrives. Called once, before the first send.</summary>
    /// <param name="receiver">Takes each datagram; it does not block, and copies what it keeps.</param>
    void Start(IDatagramReceiver receiver);

    /// <summary>Sends a datagram without waiting; called from any thread, also from several at once.</summary>
    /// <param name="datagram">The datagram, only valid during the call.</param>
    /// <returns>False when it was dropped, which the caller takes as loss, as it does whatever is thrown.</returns>
    bool TrySend(ReadOnlySpan<byte> datagram);
}
