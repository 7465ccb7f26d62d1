namespace Bowline.WebRtc;

/// <summary>What is counted of one connection. Updated from several threads; each number is right, their sum may be a moment old.</summary>
internal sealed class PeerCounters
{
    private long _datagramsIn;
    private long _datagramsRefused;
    private long _bytesIn;
    private long _messagesIn;
    private long _messageBytesIn;
    private long _messagesOut;
    private long _messageBytesOut;
    private long _channels;
    private long _retransmits;
    private long _refused;
    private long _candidatesDropped;
    private long _suppressed;

    internal long DatagramsIn => Interlocked.Read(ref _datagramsIn);

    internal long DatagramsRefused => Interlocked.Read(ref _datagramsRefused);

    internal long BytesIn => Interlocked.Read(ref _bytesIn);

    internal long MessagesIn => Interlocked.Read(ref _messagesIn);

    internal long MessageBytesIn => Interlocked.Read(ref _messageBytesIn);

    internal long MessagesOut => Interlocked.Read(ref _messagesOut);

    internal long MessageBytesOut => Interlocked.Read(ref _messageBytesOut);

    /// <summary>Data channels that are open or closing.</summary>
    internal long Channels => Interlocked.Read(ref _channels);

    internal long Retransmits => Interlocked.Read(ref _retransmits) + (Association?.ReadCounters().Retransmits ?? 0);

    /// <summary>Set when there is one: it counts what leaves.</summary>
    internal SctpAssociation? Association { get; set; }

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

    internal void Sent(int length)
    {
        Interlocked.Increment(ref _messagesOut);
        Interlocked.Add(ref _messageBytesOut, length);
    }

    internal void ChannelOpened() => Interlocked.Increment(ref _channels);

    internal void ChannelClosed() => Interlocked.Decrement(ref _channels);

    /// <summary>A message or a control message that makes no sense, or is for nobody.</summary>
    internal void Refuse(int count = 1) => Interlocked.Add(ref _refused, count);

    internal void DropCandidate() => Interlocked.Increment(ref _candidatesDropped);

    internal void SuppressPacket() => Interlocked.Increment(ref _suppressed);

    /// <summary>Adds the counts of a connection that is over, as far as the meter tells them.</summary>
    internal void Add(PeerCounters other)
    {
        Interlocked.Add(ref _messagesIn, other.MessagesIn);
        Interlocked.Add(ref _messageBytesIn, other.MessageBytesIn);
        Interlocked.Add(ref _messagesOut, other.MessagesOut);
        Interlocked.Add(ref _messageBytesOut, other.MessageBytesOut);
        Interlocked.Add(ref _retransmits, other.Retransmits);
        Interlocked.Add(ref _datagramsRefused, other.DatagramsRefused);
        Interlocked.Add(ref _refused, other.MessagesRefused);
        Interlocked.Add(ref _candidatesDropped, other.CandidatesDropped);
    }
}
