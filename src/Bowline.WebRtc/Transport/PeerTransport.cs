namespace Bowline.WebRtc;

/// <summary>DTLS and SCTP of one connection over whichever path carries datagrams now. Paths come and go below; the association stays.</summary>
internal sealed class PeerTransport : IDtlsOwner, ISctpOwner, IDatagramReceiver, ITicking, IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly WebRtcEngine _engine;
    private readonly PeerConnectionOptions _options;
    private readonly TimeProvider _time;
    private readonly ChannelTable _channels;
    private readonly ITransportOwner _owner;
    private readonly SuspicionGate _suspicion;
    private readonly EarlyDatagrams _early = new();
    private ushort _remotePort;
    private IDatagramPath? _path;
    private DtlsTransport? _dtls;
    private SctpAssociation? _sctp;
    private Exception? _pathFault;
    private Exception? _pathFaultTold;
    private bool _isEnded;
    private readonly long _began;
    private long _lastReceived;
    private long _lastProbe;

    internal PeerTransport(WebRtcEngine engine, PeerConnectionOptions options, ChannelTable channels, ITransportOwner owner)
    {
        (_engine, _options, _channels, _owner, _time) = (engine, options, channels, owner, options.Time);
        _suspicion = new(_time);
        _began = _time.GetTimestamp();
        engine.Add(this);
    }

    public bool CanTakeMessages() => _channels.Inbox.HasRoom();

    public void Drained() => _channels.AnswerEarly();

    /// <summary>Null until DTLS has begun: who of the two is its client.</summary>
    internal bool? IsClient => _dtls?.IsClient;

    internal bool IsSuspect => _suspicion.IsSuspect;

    /// <summary>The time stamp of the last packet that proved to be the other side's; 0 when there was none.</summary>
    internal long LastReceived => Interlocked.Read(ref _lastReceived);

    internal SctpAssociation? Association => _sctp;

    private PeerCounters Counters => _channels.Counters;

    private PeerTelemetry Telemetry => _channels.Telemetry;

    /// <summary>Both descriptions are known: the handshake begins as soon as there is a path.</summary>
    internal void Configure(DtlsContext context, bool isClient, PeerFingerprints fingerprints, ushort remotePort)
    {
        bool hasPath;
        lock (_gate)
        {
            if (_dtls is not null || _isEnded)
            {
                return;
            }

            _remotePort = remotePort;
            _dtls = new(context, isClient, fingerprints, this);
            hasPath = _path is not null;
        }

        if (hasPath)
        {
            Begin();
        }
    }

    /// <summary>Whether datagrams leave by this path now.</summary>
    internal bool Uses(IDatagramPath path) => ReferenceEquals(Volatile.Read(ref _path), path);

    /// <summary>From now on datagrams leave by this path.</summary>
    internal void UsePath(IDatagramPath path)
    {
        bool isFirst;
        if (Volatile.Read(ref _path) is not null)
        {
            Telemetry.PathSwitched();
        }

        lock (_gate)
        {
            isFirst = _path is null && _dtls is not null;
            Volatile.Write(ref _path, path);
            Volatile.Write(ref _pathFault, null);
        }

        if (isFirst)
        {
            Begin();
        }
        else
        {
            _sctp?.Probe(); // Shows the other side the new path, and us whether it works.
        }
    }

    internal void SetSuspect(bool isSuspect)
    {
        Release(ChangeSuspicion(isSuspect));
    }

    public void Receive(IDatagramPath path, ReadOnlySpan<byte> datagram)
    {
        // Only DTLS has these first bytes (RFC 7983, section 7); STUN is taken out by ICE, and media we have none.
        if (datagram.IsEmpty || datagram[0] is < 20 or > 63)
        {
            Counters.RefuseDatagram();
            return;
        }

        Counters.Datagram(datagram.Length);
        DtlsTransport? dtls;
        lock (_gate)
        {
            dtls = _path is null ? null : _dtls;
            if (dtls is null)
            {
                if (_isEnded || !_early.TryKeep(datagram))
                {
                    Counters.RefuseDatagram();
                }

                return;
            }
        }

        Take(dtls, datagram);
    }

    public void Tick(bool wasFrozen)
    {
        Telemetry.TellRefused();
        if (Volatile.Read(ref _pathFault) is { } fault && !ReferenceEquals(fault, _pathFaultTold))
        {
            _pathFaultTold = fault;
            Telemetry.PathFailed(fault);
        }

        var dtls = _dtls;
        if (dtls is { IsHandshaking: true })
        {
            dtls.HandleTimeout();
        }

        if (_sctp is { } association && (wasFrozen || _suspicion.IsProbeDue() || IsHeartbeatDue()))
        {
            _lastProbe = _time.GetTimestamp();
            association.Probe();
        }
    }

    public void SendDatagram(ReadOnlySpan<byte> datagram)
    {
        try
        {
            Volatile.Read(ref _path)?.TrySend(datagram);
        }
        catch (Exception e)
        {
            // Of the owner's path, which may be disposed in this moment; native code is below us. The datagram is lost, and the tick tells of the first.
            Interlocked.CompareExchange(ref _pathFault, e, null);
        }
    }

    public bool SendPacket(ReadOnlySpan<byte> packet)
    {
        if (!_suspicion.TryPass(packet))
        {
            Counters.SuppressPacket();
            return false;
        }

        return _dtls?.Send(packet) ?? false;
    }

    public void HandshakeDone()
    {
        SctpAssociation association;
        lock (_gate)
        {
            if (_isEnded)
            {
                return;
            }

            association = new(_engine, _options.Sctp, SctpPorts.Local, Math.Min(2 * _options.MaxChannels, ushort.MaxValue), _channels.LongestMessage, this);
            Counters.Association = _sctp = association;
        }

        association.Connect(_remotePort);
    }

    public void TakePacket(ReadOnlySpan<byte> packet)
    {
        Interlocked.Exchange(ref _lastReceived, _time.GetTimestamp());
        var held = _suspicion.IsSuspect ? ChangeSuspicion(isSuspect: false) : [];
        if (!SctpProbe.IsAnswer(packet) && _sctp?.TryInput(packet) == false)
        {
            Counters.RefuseDatagram();
        }

        Release(held); // The last: a path that delivers at once would write over the packet.
    }

    public void RefuseDatagram() => Counters.RefuseDatagram();

    public void DtlsEnded(WebRtcException reason) => End(reason);

    public void AssociationUp(int outgoingStreams, int incomingStreams)
    {
        _channels.Start(_sctp!, _dtls!.IsClient, Math.Min(outgoingStreams, incomingStreams));
        Telemetry.AssociationUp(Math.Min(outgoingStreams, incomingStreams));
        _owner.TransportUp();
    }

    public void AssociationEnded(WebRtcException reason) => End(reason);

    public void TakeMessagePart(ushort stream, uint ppid, ReadOnlySpan<byte> part, bool isEnd) => _channels.TakePart(stream, ppid, part, isEnd);

    public void IncomingReset(ReadOnlySpan<ushort> streams) => _channels.IncomingReset(streams);

    public void OutgoingReset(ReadOnlySpan<ushort> streams, bool isRefused) => _channels.OutgoingReset(streams, isRefused);

    public void ControlSent() => _channels.GoOnWithResets();

    /// <summary>Something threw where nothing may: a defect of this library, told as the end of this connection.</summary>
    public void Fault(Exception fault)
    {
        Telemetry.Faulted(fault);
        End(new(WebRtcError.NativeFailure, "An internal error ended the connection: " + fault.Message, fault));
    }

    public async ValueTask DisposeAsync()
    {
        End(new(WebRtcError.Closed, "The connection is closed."));
        if (_sctp is { } association)
        {
            await association.CloseAsync().ConfigureAwait(false);
        }

        _engine.Remove(this);
        _dtls?.Dispose();
        Telemetry.Disposed();
    }

    /// <summary>Gives what was held back and may leave now.</summary>
    private byte[][] ChangeSuspicion(bool isSuspect)
    {
        if (_suspicion.Set(isSuspect, out var held))
        {
            Telemetry.SuspicionChanged(isSuspect);
            _sctp?.SetLongestTimeout(isSuspect ? _options.Sctp.LongestTimeoutWhileSuspect : _options.Sctp.LongestTimeout);
        }

        return held;
    }

    private void Release(byte[][] held)
    {
        foreach (var packet in held)
        {
            _dtls?.Send(packet);
        }
    }

    private bool IsHeartbeatDue() => !_suspicion.IsSuspect
        && _time.GetElapsedTime(Math.Max(Math.Max(LastReceived, _lastProbe), _began)) >= _options.Sctp.HeartbeatInterval;

    private void Begin()
    {
        _dtls!.Begin();
        while (true)
        {
            byte[]? datagram;
            lock (_gate)
            {
                if (!_early.TryTake(out datagram))
                {
                    return;
                }
            }

            Take(_dtls, datagram);
        }
    }

    /// <summary>The thread is that of the path, or of whoever gave us one, and knows nothing of our defects.</summary>
    private void Take(DtlsTransport dtls, ReadOnlySpan<byte> datagram)
    {
        try
        {
            dtls.Receive(datagram);
        }
        catch (Exception e)
        {
            Fault(e);
        }
    }

    private void End(WebRtcException reason)
    {
        lock (_gate)
        {
            if (_isEnded)
            {
                return;
            }

            _isEnded = true;
        }

        Telemetry.Ended(reason);
        _owner.TransportEnded(reason); // Before the channels: who sees one end finds the reason in the status.
        _channels.End(reason);
        _sctp?.Sender.End(); // Nothing will be acknowledged any more: who waits for room is told.
    }
}
