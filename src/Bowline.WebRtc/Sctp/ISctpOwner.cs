namespace Bowline.WebRtc;

/// <summary>Who has an association.</summary>
internal interface ISctpOwner
{
    /// <summary>Whether more messages may be handed over now. After a no the window of the peer closes, and the owner calls <see cref="SctpAssociation.Drain"/> when it takes more.</summary>
    bool CanTakeMessages();

    /// <summary>All messages that could be handed over for now were.</summary>
    void Drained();

    /// <summary>Encrypts and sends a packet, or loses it; usrsctp's lock is held.</summary>
    bool SendPacket(ReadOnlySpan<byte> packet);

    /// <summary>The association is up.</summary>
    void AssociationUp(int outgoingStreams, int incomingStreams);

    /// <summary>The association is over.</summary>
    void AssociationEnded(WebRtcException reason);

    /// <summary>A part of a message; the last of its message when <paramref name="isEnd"/>.</summary>
    void TakeMessagePart(ushort stream, uint ppid, ReadOnlySpan<byte> part, bool isEnd);

    /// <summary>The other side has reset streams, all when none is named: it sends nothing more on them.</summary>
    void IncomingReset(ReadOnlySpan<ushort> streams);

    /// <summary>The other side has confirmed our reset of streams, all when none is named; or it refuses, and they stay as they are.</summary>
    void OutgoingReset(ReadOnlySpan<ushort> streams, bool isRefused);

    /// <summary>Messages of our own that had waited for room are sent, all of them.</summary>
    void ControlSent();

    /// <summary>Something above threw on the engine's thread, which must not happen.</summary>
    void Fault(Exception fault);
}
