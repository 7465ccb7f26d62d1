namespace Bowline.WebRtc;

/// <summary>Takes the datagrams of a path.</summary>
public interface IDatagramReceiver
{
    /// <summary>Takes one datagram; never throws for its content.</summary>
    /// <param name="path">Where it came from.</param>
    /// <param name="datagram">The datagram, only valid during the call.</param>
    void Receive(IDatagramPath path, ReadOnlySpan<byte> datagram);
}
