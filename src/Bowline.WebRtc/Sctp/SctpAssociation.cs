using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Bowline.WebRtc;

/// <summary>
/// One SCTP association over usrsctp (RFC 8831). Locks are taken in this order: input, receiving, what the owner of messages has, sending,
/// usrsctp's own, DTLS, ICE. The owner is told of messages and changes under the first of them only.
/// </summary>
internal sealed unsafe class SctpAssociation
{
    private const int WouldBlock = 11; // EWOULDBLOCK
    private const int NotificationFlag = 0x2000; // MSG_NOTIFICATION
    private const int EndOfRecord = 0x80; // MSG_EOR
    private const int ScratchSize = 64 * 1024;
    private static long _lastId;

    [ThreadStatic]
    private static byte[]? _scratch;

    [ThreadStatic]
    private static SctpAssociation? _inInput;

    private readonly Lock _input = new();
    private readonly Lock _receiving = new();
    private readonly WebRtcEngine _engine;
    private readonly SctpOptions _options;
    private readonly ISctpOwner _owner;
    private readonly SctpPacketWatch _watch = new();
    private readonly ResetHold _ownResets = new();
    private readonly ResetHold _peersResets = new();
    private readonly ushort _port;
    private long _header;
    private nint _socket;
    private int _flagged;
    private bool _isWoken;
    private bool _isReading;
    private bool _isUp;
    private bool _givesUp;

    internal SctpAssociation(WebRtcEngine engine, SctpOptions options, ushort port, int streams, int longestMessage, ISctpOwner owner)
    {
        (_engine, _options, _owner, _port) = (engine, options, owner, port);
        Id = (nint)Interlocked.Increment(ref _lastId);
        _socket = LibUsrsctp.usrsctp_socket(SctpAddress.FamilyConn, type: 1, SctpSettings.Protocol, 0, 0, 0, 0);
        if (_socket == 0)
        {
            throw new WebRtcException(WebRtcError.NativeFailure, $"usrsctp gave no socket (errno {Marshal.GetLastPInvokeError()}).");
        }

        SctpStack.Add(this);
        LibUsrsctp.usrsctp_set_non_blocking(_socket, 1);
        SctpSettings.Apply(_socket, options, streams, longestMessage);
        LibUsrsctp.usrsctp_set_upcall(_socket, &SctpStack.Woken, Id);
        Sender = new(this);
    }

    internal nint Id { get; }

    internal SctpSender Sender { get; }

    internal bool IsFlagged => Volatile.Read(ref _flagged) != 0;

    /// <summary>Both sides connect at once; RFC 9260 settles that into one association.</summary>
    internal void Connect(ushort remotePort)
    {
        lock (Sender.Gate)
        {
            if (_socket == 0)
            {
                return; // Closed in this moment.
            }

            SctpSettings.Require(LibUsrsctp.usrsctp_bind(_socket, new SctpAddress(_port, Id), SctpSettings.AddressLength), "bind");
            LibUsrsctp.usrsctp_connect(_socket, new SctpAddress(remotePort, Id), SctpSettings.AddressLength); // EINPROGRESS
        }
    }

    /// <summary>Takes a packet from DTLS; false when its checksum is wrong.</summary>
    internal bool TryInput(ReadOnlySpan<byte> packet)
    {
        if (!SctpChecksum.IsRight(packet))
        {
            return false;
        }

        MarkActive(packet);
        using var burst = SendBurst.Begin();
        _peersResets.Begin(packet);
        _ownResets.Acknowledge(packet); // Before usrsctp answers it: a path that delivers at once would write over the packet.
        var rest = _peersResets.Hold(packet);
        var isWoken = !rest.IsEmpty && Input(rest);
        if (_peersResets.TryTake(out var reset))
        {
            isWoken |= Input(reset);
        }

        if (_ownResets.TryTake(out var own))
        {
            SctpChecksum.Write(own);
            _owner.SendPacket(own);
        }

        if (isWoken)
        {
            Serve();
        }

        return true;
    }

    /// <summary>Hands over what has arrived and sends what waits.</summary>
    internal void Serve()
    {
        Interlocked.Exchange(ref _flagged, 0);
        while (_peersResets.TryTake(out var reset))
        {
            Input(reset);
        }

        Drain();
        Flush();
    }

    /// <summary>Sends what waits, as far as there is room.</summary>
    internal void Flush()
    {
        using var burst = SendBurst.Begin();
        if (Sender.Flush())
        {
            _owner.ControlSent();
        }
    }

    /// <summary>Called inside usrsctp's locks.</summary>
    internal void Flag()
    {
        if (ReferenceEquals(_inInput, this))
        {
            _isWoken = true;
        }
        else if (Interlocked.Exchange(ref _flagged, 1) == 0)
        {
            _engine.Flagged(this);
        }
    }

    /// <summary>Called inside usrsctp's locks.</summary>
    internal void Output(Span<byte> packet)
    {
        MarkActive(packet);
        _ownResets.Begin(packet);
        if (_peersResets.Acknowledge(packet))
        {
            Flag();
        }

        if (_givesUp && _ownResets.Hold(packet) is var rest && rest.Length < packet.Length)
        {
            if (!rest.IsEmpty)
            {
                Send(rest.ToArray());
            }

            if (_ownResets.TryTake(out var own))
            {
                Send(own); // It was acknowledged in this moment.
            }
        }
        else
        {
            Send(packet);
        }
    }

    /// <summary>Hands over messages until there are none or the owner takes no more; it calls again when it does.</summary>
    internal void Drain()
    {
        lock (_receiving)
        {
            if (_isReading)
            {
                return; // The owner reacts to a message by asking for more; the loop below goes on anyway.
            }

            _isReading = true;
            try
            {
                var scratch = _scratch ??= new byte[ScratchSize];
                while (_socket != 0 && _owner.CanTakeMessages() && TryReceive(scratch))
                {
                }

                _owner.Drained();
            }
            finally
            {
                _isReading = false;
            }
        }
    }

    internal SctpStatus? ReadStatus()
    {
        lock (Sender.Gate)
        {
            var status = default(SctpStatus);
            var length = (uint)sizeof(SctpStatus);
            return _socket != 0 && LibUsrsctp.usrsctp_getsockopt(_socket, SctpSettings.Level, SctpSettings.Status, &status, ref length) == 0 ? status : null;
        }
    }

    internal (long Packets, long Bytes, long Retransmits) ReadCounters() => (_watch.Packets, _watch.Bytes, _watch.Retransmits);

    internal void SetLongestTimeout(TimeSpan longest)
    {
        lock (Sender.Gate)
        {
            if (_socket != 0)
            {
                SctpSettings.SetTimeouts(_socket, _options, longest);
            }
        }
    }

    /// <summary>Asks the other side for a sign of life now.</summary>
    internal void Probe()
    {
        if (Interlocked.Read(ref _header) is not 0 and var header)
        {
            Span<byte> packet = stackalloc byte[SctpProbe.Size];
            SctpProbe.Write(packet, (ulong)header);
            _owner.SendPacket(packet);
        }
    }

    /// <summary>Ends our side of a stream; false while a message of our own waits that must not come after it. Not to be asked again before it is confirmed: usrsctp says yes and does nothing.</summary>
    internal bool TryReset(ushort stream)
    {
        lock (Sender.Gate)
        {
            return _socket == 0 || (!Sender.HasControl && SctpSettings.TryReset(_socket, stream));
        }
    }

    internal void Fault(Exception fault) => _owner.Fault(fault);

    /// <summary>
    /// Ends it, with an abort to the other side. usrsctp frees a socket under the feet of a thread that is inside it, so all of ours
    /// are kept out: packets and messages by the locks, timers by running on the tick's thread.
    /// </summary>
    internal Task CloseAsync() => _engine.OnTickAsync(Close);

    private void Close()
    {
        lock (_input)
        {
            lock (_receiving)
            {
                lock (Sender.Gate)
                {
                    LibUsrsctp.usrsctp_set_upcall(_socket, null, 0);
                    LibUsrsctp.usrsctp_close(_socket);
                    _socket = 0;
                    SctpStack.Remove(this);
                }
            }
        }

        Sender.End();
    }

    /// <summary>Called by the sender under its lock; 0 when sent, else errno.</summary>
    internal int Send(SctpSendParameters parameters, ReadOnlySpan<byte> message)
    {
        if (_socket == 0)
        {
            return SctpSettings.NotConnected;
        }

        _givesUp |= parameters.Policy != 0;
        var sent = LibUsrsctp.usrsctp_sendv(
            _socket, message, (nuint)message.Length, 0, 0, parameters, (uint)sizeof(SctpSendParameters), SctpSettings.SendBothInfos, 0);
        return sent >= 0 ? 0 : Marshal.GetLastPInvokeError();
    }

    /// <summary>True when usrsctp has something for us then.</summary>
    private bool Input(ReadOnlySpan<byte> packet)
    {
        lock (_input)
        {
            if (_socket == 0)
            {
                return false;
            }

            var outer = _inInput;
            (_inInput, _isWoken) = (this, false);
            LibUsrsctp.usrsctp_conninput(Id, packet, (nuint)packet.Length, ecn: 0);
            _inInput = outer;
            return _isWoken;
        }
    }

    private void Send(Span<byte> packet)
    {
        SctpChecksum.Write(packet);
        _watch.Sent(packet);
        if (_header == 0 && packet.Length >= 8 && BinaryPrimitives.ReadUInt32BigEndian(packet[4..]) != 0)
        {
            Interlocked.Exchange(ref _header, BinaryPrimitives.ReadInt64BigEndian(packet)); // The tag of the other side is known now.
        }

        _owner.SendPacket(packet);
    }

    /// <summary>Heartbeats and their answers need no timer, and a hundred idle connections have ten of them a second.</summary>
    private void MarkActive(ReadOnlySpan<byte> packet)
    {
        if (!SctpProbe.IsHeartbeat(packet))
        {
            _engine.MarkActive();
        }
    }

    private bool TryReceive(byte[] scratch)
    {
        uint addressLength = SctpSettings.AddressLength, infoLength = (uint)sizeof(SctpReceiveInfo);
        var flags = 0;
        var length = LibUsrsctp.usrsctp_recvv(
            _socket, scratch, (nuint)scratch.Length, out _, ref addressLength, out var info, ref infoLength, out _, ref flags);
        if (length < 0)
        {
            var error = Marshal.GetLastPInvokeError();
            if (error != WouldBlock)
            {
                _owner.AssociationEnded(new(WebRtcError.ClosedByPeer, $"The SCTP association ended (errno {error})."));
            }

            return false;
        }

        if (length == 0)
        {
            return false; // The other side has shut down; the notification said so.
        }

        if ((flags & NotificationFlag) != 0)
        {
            TakeNotification(scratch.AsSpan(0, (int)length));
        }
        else
        {
            _owner.TakeMessagePart(info.Stream, BinaryPrimitives.ReverseEndianness(info.Ppid), scratch.AsSpan(0, (int)length), (flags & EndOfRecord) != 0);
        }

        return true;
    }

    private void TakeNotification(ReadOnlySpan<byte> bytes)
    {
        if (!SctpNotification.TryRead(bytes, out var notification))
        {
            return;
        }

        switch (notification.Type)
        {
            case SctpNotification.AssociationChange when notification.State == SctpAssociationState.Up:
                _isUp = true;
                _owner.AssociationUp(notification.OutgoingStreams, notification.IncomingStreams);
                break;
            case SctpNotification.AssociationChange when notification.State == SctpAssociationState.Restarted:
                if (_isUp)
                {
                    // Messages may be lost, and the streams are others: no channel can keep what it promises.
                    _owner.AssociationEnded(new(WebRtcError.ClosedByPeer, "The other side began the SCTP association anew."));
                }

                break;
            case SctpNotification.AssociationChange when notification.State == SctpAssociationState.Lost && SctpSettings.IsGivenUp(_socket):
                var why = _options.MostRetransmits is { } most ? $"nothing was acknowledged in {most} timeouts (MostRetransmits), or the other side broke a rule" : "the other side broke a rule";
                _owner.AssociationEnded(new(WebRtcError.GivenUp, $"This side gave the SCTP association up: {why} (cause {notification.Error})."));
                break;
            case SctpNotification.AssociationChange:
                _owner.AssociationEnded(new(WebRtcError.ClosedByPeer, $"The other side ended the SCTP association ({notification.State}, cause {notification.Error})."));
                break;
            case SctpNotification.StreamReset when notification.IsOutgoingReset:
                _owner.OutgoingReset(notification.Streams, notification.IsResetRefused);
                break;
            case SctpNotification.StreamReset when notification.IsIncomingReset && !notification.IsResetRefused:
                _owner.IncomingReset(notification.Streams);
                break;
        }
    }
}
