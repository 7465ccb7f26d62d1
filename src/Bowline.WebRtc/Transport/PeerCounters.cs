namespace Bowline.WebRtc;

/// <summary>What is counted of one connection. Updated from several threads; each number is right, their sum may be a moment old.</summary>
internal sealed class PeerCounters
{
    private long _datagramsIn;
    private long _datagramsRefused;
    private long _bytesIn;
    private long _messagesIn;
    private long _messageBytesIn;
    private long _refused;
    private long _candidatesDropped;
    private long _suppressed;

    internal long DatagramsIn => Interlocked.Read(ref _datagramsIn);

    internal long DatagramsRefused => Interlocked.Read(ref _datagramsRefused);

    internal long BytesIn => Interlocked.Read(ref _bytesIn);

    internal long MessagesIn => Interlocked.Read(ref _messagesIn);

    internal long MessageBytesIn => Interlocked.Read(ref _messageBytesIn);

    internal long MessagesRefused => Interlocked.Read(ref _refused);

    internal long CandidatesDropped => Interlocked.Read(ref _candidatesDropped);

    internal long PacketsSuppressed => Interlocked.Read(ref _suppressed);

    internal void Datagram(int length)
    {
        Interlocked.Increment(ref _datagramsIn);
        Interlocked.Add(ref _bytesIn, length);
    }

    internal void RefuseDatagram() => Interlocked.Increment(ref _datagramsRefused);

    internal void Received(int length)
    {
        Interlocked.Increment(ref _messagesIn);
        Interlocked.Add(ref _messageBytesIn, length);
    }

    /// <summary>A message or a control message that makes no sense, or is for nobody.</summary>
    internal void Refuse() => Interlocked.Increment(ref _refused);

    internal void DropCandidate() => Interlocked.Increment(ref _candidatesDropped);

    internal void SuppressPacket() => Interlocked.Increment(ref _suppressed);
}
