namespace Bowline.WebRtc;

/// <summary>Who has an association.</summary>
internal interface ISctpOwner
{
    /// <summary>Whether more messages may be handed over now; while not, the window of the peer closes.</summary>
    bool CanTakeMessages { get; }

    /// <summary>Encrypts and sends a packet, or loses it; usrsctp's lock is held.</summary>
    bool SendPacket(ReadOnlySpan<byte> packet);

    /// <summary>The association is up.</summary>
    void AssociationUp(int outgoingStreams, int incomingStreams);

    /// <summary>The association is over.</summary>
    void AssociationEnded(WebRtcException reason);

    /// <summary>A part of a message; the last of its message when <paramref name="isEnd"/>.</summary>
    void TakeMessagePart(ushort stream, uint ppid, ReadOnlySpan<byte> part, bool isEnd);

    /// <summary>The other side has reset a stream: it sends nothing more on it.</summary>
    void IncomingReset(ushort stream);

    /// <summary>The other side has confirmed our reset of a stream.</summary>
    void OutgoingReset(ushort stream);

    /// <summary>Messages of our own that had waited for room are sent, all of them.</summary>
    void ControlSent();

    /// <summary>Something above threw on the engine's thread, which must not happen.</summary>
    void Fault(Exception fault);
}
